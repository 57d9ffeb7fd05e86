using Dlt.Golden.Harness;
using Dlt.Golden.Units;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>
/// A scalar in a nested table that was declared as root table carries the load id, as the other rows of root tables do; dlt leaves it out.
/// </summary>
internal sealed class LoadIdOfDeclaredRoots() : Difference("load-id-of-declared-roots")
{
    private const string LoadId = "_dlt_load_id";

    public override bool AppliesTo(GoldenCase golden) =>
        golden.Folder == UnitFile.Folder && golden.Unit == "normalizer" && golden.Expected["error"] is null && Concerned(golden).Count > 0;

    public override IEnumerable<GoldenCase> Rewrite(GoldenCase golden)
    {
        var tables = Concerned(golden);
        JsonValue Rows(JsonValue rows) =>
            JsonValue.Array(
                [.. rows.Items.Select(
                    r =>
                        tables.Contains(r.Items[0].AsString())
                            ? JsonValue.Array([r.Items[0], r.Items[1].With(LoadId, golden["load_id"]!)]) : r)]);
        var expected = GoldenJson.MapMembers(golden.Expected, (name, value) => name is "rows" or "tree" ? Rows(value) : value);
        yield return golden.WithExpected(
            expected.With(
                "tables", GoldenJson.MapMembers(expected["tables"]!, (name, table) => tables.Contains(name) ? WithLoadId(table) : table)));
    }

    /// <summary>Before the row's own id, as in every root table.</summary>
    private static JsonValue WithLoadId(JsonValue table)
    {
        var column = JsonValue.Object(
            ("name", JsonValue.String(LoadId)), ("data_type", JsonValue.String("text")), ("nullable", JsonValue.Bool(false)));
        var columns = table["columns"]!.Items;
        var at = columns.ToList().FindIndex(c => c["name"]!.AsString() == "_dlt_id");
        return table.With("columns", JsonValue.Array(columns.Insert(at < 0 ? columns.Length : at, column)));
    }

    /// <summary>Tables without a parent that have rows with a value and no load id.</summary>
    private static HashSet<string> Concerned(GoldenCase golden) =>
    [
        .. (golden.Expected["rows"] ?? golden.Expected["tree"])!.Items.Where(r => r.Kind == JsonKind.Array)
            .Where(r => r.Items[1]["value"] is not null && r.Items[1][LoadId] is null && r.Items[1]["_dlt_parent_id"] is null)
            .Select(r => r.Items[0].AsString())
            .Where(t => Declared(golden, t) is { } table && table["parent"] is null),
    ];

    private static JsonValue? Declared(GoldenCase golden, string name) =>
        golden["settings"]!["tables"] is { Kind: JsonKind.Array } tables ? tables.Items.FirstOrDefault(t => t["name"]!.AsString() == name)
            : null;
}
