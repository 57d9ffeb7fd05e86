using Dlt.Golden.Athena;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// A run gives the state one new version. dlt gives it two when it finds the destination under a name that it does not store any more. A
/// machine that restores such a state keeps the name in its first run.
/// </summary>
internal sealed class StateStoredOnce() : Difference("state-stored-once")
{
    private const string States = "_dlt_pipeline_state";

    public override bool AppliesTo(GoldenCase golden) => AthenaCase.Is(golden) && golden.Unit == AthenaCase.Frozen
        && FrozenDataset.IsNext(golden) && golden.Expected["end_state"]!.Members.Any(d => IsCountedTwice(d.Value, golden.Expected));

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var expected = golden.Expected;
        yield return golden.WithExpected(expected
            .With("end_state", GoldenJson.MapMembers(expected["end_state"]!, (_, database) => !IsCountedTwice(database, expected)
                ? database
                : PipelineEdit.MapMember(database, States, table => table.With("rows", JsonValue.Array(
                    [.. table["rows"]!.Items.Select(row => IsNew(row, table) ? Less(row, table) : row)])))))
            .With("bindings", GoldenJson.MapMembers(expected["bindings"]!, (name, value) =>
                !IsRenamed(value, expected) ? value : Ours(value, FrozenDataset.KeepsFolder(golden) ? null : Named(expected)))));
    }

    private static bool IsCountedTwice(JsonValue database, JsonValue expected) => database[States] is { } table
        && table["rows"]!.Items.Any(row =>
            IsNew(row, table) && IsRenamed(expected["bindings"]![Cell(row, table, "state").AsString()], expected));

    /// <summary>True for a state without the name of its destination that follows from one with a name.</summary>
    private static bool IsRenamed(JsonValue? state, JsonValue expected) =>
        state is { Kind: JsonKind.Object } && state["_state_version"] is not null && state["destination_name"] is { IsNull: true }
        && Named(expected) is not null;

    /// <summary>A state with the name of its destination; null for none.</summary>
    private static JsonValue? Named(JsonValue expected) => expected["bindings"]!.Members.Select(b => b.Value)
        .FirstOrDefault(s => s.Kind == JsonKind.Object && s["destination_name"] is { Kind: JsonKind.String });

    private static JsonValue Ours(JsonValue state, JsonValue? restored)
    {
        var counted = state.With("_state_version", JsonValue.Integer(state["_state_version"]!.AsInt64() - 1));
        return restored is null ? counted
            : counted.With("destination_name", restored["destination_name"]!).With("staging_name", restored["staging_name"]!);
    }

    /// <summary>A row that the next run wrote: its load id is a placeholder.</summary>
    private static bool IsNew(JsonValue row, JsonValue table) => Placeholder.KindOf(Cell(row, table, "_dlt_load_id")) is not null;

    private static JsonValue Less(JsonValue row, JsonValue table)
    {
        var version = IndexOf(table, "version");
        return JsonValue.Array([.. row.Items.Select((cell, i) => i == version ? JsonValue.Integer(cell.AsInt64() - 1) : cell)]);
    }

    private static JsonValue Cell(JsonValue row, JsonValue table, string column) => row.Items[IndexOf(table, column)];

    private static int IndexOf(JsonValue table, string column) =>
        table["columns"]!.Items.ToList().FindIndex(c => c.Items[0].AsString() == column);
}
