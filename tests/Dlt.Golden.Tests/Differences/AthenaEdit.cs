using Dlt.Golden.Athena;
using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Differences;

/// <summary>A value that a scenario loads.</summary>
/// <param name="Value">In the form of the case.</param>
/// <param name="Column">The column that the resource declares for it; an empty object for none.</param>
internal sealed record LoadedCell(JsonValue Value, JsonValue Column);

/// <summary>The expectation of scenarios where dlt loses or refuses rows: those that went in.</summary>
internal static class AthenaEdit
{
    private const string Dataset = "ds";

    private static readonly OurNames Names = new("snake_case", 255);

    public static IEnumerable<JsonValue> Resources(JsonValue run) => run["resources"]?.Items ?? [];

    /// <summary>The values of all rows; nested ones are not followed.</summary>
    public static IEnumerable<LoadedCell> Cells(GoldenCase golden) =>
        from run in golden["runs"]!.Items
        from resource in Resources(run)
        from row in resource["data"]?.Items ?? []
        where row.Kind == JsonKind.Object
        from cell in row.Members
        select new LoadedCell(cell.Value, ColumnOf(resource, cell.Key));

    /// <summary>The case with all of its runs ending well, and all rows there.</summary>
    public static GoldenCase Loaded(GoldenCase golden) => Loaded(golden, (name, value, _) => (name, value));

    /// <param name="golden">The case.</param>
    /// <param name="cell">Of a cell, its column and its value as it is loaded, after the name of its field, value and declaration.</param>
    public static GoldenCase Loaded(GoldenCase golden, Func<string, JsonValue, JsonValue, (string, JsonValue)> cell)
    {
        var runs = golden.Expected["runs"]!.Items.Select(r => r.With("outcome", JsonValue.String("ok")).Without("exception"));
        return OurRows(golden, runs, golden["runs"]!.Items, cell);
    }

    /// <summary>The case with its first runs ending well and a run refused.</summary>
    /// <param name="golden">The case.</param>
    /// <param name="refused">The run, the last one.</param>
    /// <param name="error">The class of the error (<see cref="ErrorOutcome"/>).</param>
    /// <param name="message">Its message, with the facts that ours must name.</param>
    public static GoldenCase Refused(GoldenCase golden, int refused, string error, string message)
    {
        var exception = JsonValue.Array([JsonValue.Object(("type", JsonValue.String(error)), ("message", JsonValue.String(message)))]);
        var runs = golden.Expected["runs"]!.Items.Select((r, i) => i != refused
            ? r
            : r.With("outcome", JsonValue.String("exception")).With("exception", exception));
        return OurRows(golden, runs, golden["runs"]!.Items.Take(refused), (name, value, _) => (name, value));
    }

    private static GoldenCase OurRows(
        GoldenCase golden, IEnumerable<JsonValue> outcomes, IEnumerable<JsonValue> runs,
        Func<string, JsonValue, JsonValue, (string, JsonValue)> cell)
    {
        var resources = runs.SelectMany(Resources).GroupBy(r => Names.Key(r["name"]!.AsString(), isTable: true));
        var tables = resources.Select(t => KeyValuePair.Create(
            t.Key, JsonValue.Array([.. t.SelectMany(r => r["data"]!.Items.Select(row => Row(r, row, cell)))])));
        var database = DatabaseOf(golden);
        return golden.WithExpected(golden.Expected
            .With("runs", JsonValue.Array([.. outcomes]))
            .With("end_state", JsonValue.Object((database, JsonValue.Null)))
            .With(EndState.OurRows, JsonValue.Object((database, JsonValue.Object(tables)))));
    }

    private static JsonValue Row(JsonValue resource, JsonValue row, Func<string, JsonValue, JsonValue, (string, JsonValue)> cell)
    {
        var cells = row.Members.Where(m => !m.Value.IsNull && m.Value.Kind != JsonKind.Array)
            .Select(m => cell(m.Key, m.Value, ColumnOf(resource, m.Key)));
        return JsonValue.Object(cells.Select(c => KeyValuePair.Create(Names.Key(c.Item1), c.Item2)));
    }

    private static JsonValue ColumnOf(JsonValue resource, string name) =>
        (resource["columns"] is { Kind: JsonKind.Object } columns ? columns[name] : null) ?? JsonValue.EmptyObject;

    private static string DatabaseOf(GoldenCase golden)
    {
        var name = golden["given"]!["pipeline"]?["dataset_name"] is { Kind: JsonKind.String } own ? own.AsString() : Dataset;
        return golden["given"]!["destination"]?["enable_dataset_name_normalization"] is { Kind: JsonKind.False }
            ? name.ToLowerInvariant()
            : Names.Key(name, isTable: true);
    }
}
