using Dlt.Golden.Athena;
using Dlt.Golden.Harness;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Schemas;
using Xunit;

namespace Dlt.Golden.Pipelines;

/// <summary>Loads the runs of a case into a local account, and compares the tables after each run with those of DuckDB.</summary>
internal static class EndStateRunner
{
    public static async Task CheckAsync(GoldenCase golden)
    {
        if (PipelineShapes.Unknown(golden) is { } word) throw new NotDrivenException(word);
        CaseAccount? account = null;
        using var runs = new CaseRuns(golden, folder =>
            new AccountDestination(account = new(Path.Combine(folder, "account"), LoadedTables.BucketUrl)));
        var all = golden["runs"]!.Items;
        for (var r = 0; r < all.Length; r++)
        {
            var expected = golden.Expected[$"run{r + 1}"] ?? throw new NotDrivenException($"a case without the end state 'run{r + 1}'");
            await runs.RunAsync(all[r], (_, error) => CheckOutcome(expected["error"]!, error, r + 1));
            if (expected["tables"] is { IsNull: false } tables) await CheckTablesAsync(tables, runs, account!, r + 1);
            else await CheckPackageAsync(expected["package"]!, runs, account!);
        }
    }

    private static void CheckOutcome(JsonValue expected, Exception? error, int run)
    {
        if (expected.Kind == JsonKind.Array) ErrorOutcome.Check(JsonValue.Object(("errors", expected)), error);
        else Assert.True(error is null, $"No error was expected in run {run}: {error}");
    }

    private static async Task CheckTablesAsync(JsonValue expected, CaseRuns runs, CaseAccount account, int run)
    {
        var (actual, schemaOf) = await ReadAsync(runs, account);
        Assert.Equal($"run {run}: {Joined(expected.Members.Names)}", $"run {run}: {Joined(actual.Keys)}");
        foreach (var group in actual.Keys.GroupBy(schemaOf))
        {
            var schema = group.Key!;
            var wanted = group.ToDictionary(t => t, t => GoldenRows.Of(
                expected[t]!.Items.Select(row => LoadedTables.Comparable(row, schema.Table(t))), schema, schema.Table(t)));
            var expectedRows = CanonicalRows.Of(wanted, schema, GoldenRows.RandomIds(wanted));
            var actualRows = CanonicalRows.Of(group.ToDictionary(t => t, t => actual[t]), schema, runs.RandomIds);
            foreach (var table in group)
                Assert.Equal($"run {run}, {table}\n{Lines(expectedRows[table])}", $"run {run}, {table}\n{Lines(actualRows[table])}");
        }
    }

    /// <summary>Every row of the package is in its table: those of the earlier packages are not compared.</summary>
    private static async Task CheckPackageAsync(JsonValue package, CaseRuns runs, CaseAccount account)
    {
        static string Text(JsonValue row) => CanonicalRows.Text(JsonValue.Object(
            row.Members.Where(m => !m.Key.StartsWith("_dlt", StringComparison.Ordinal))));
        var (actual, schemaOf) = await ReadAsync(runs, account);
        foreach (var (table, rows) in package.Members.Where(t => !SystemTables.IsSystemName(t.Key)))
        {
            var found = actual.GetValueOrDefault(table, []).Select(Text).ToHashSet(StringComparer.Ordinal);
            foreach (var row in rows.Items) Assert.Contains(Text(LoadedTables.Comparable(row, schemaOf(table)!.Table(table))), found);
        }
    }

    private static async Task<(Dictionary<string, List<JsonValue>> Rows, Func<string, Schema?> SchemaOf)> ReadAsync(
        CaseRuns runs, CaseAccount account)
    {
        var folder = new WorkingFolder(runs.WorkingFolder);
        var schemas = folder.SchemaNames().Select(name => folder.LoadSchema(name, 255)!).ToList();
        Schema? SchemaOf(string table) => schemas.LastOrDefault(s => s.TryGetTable(table, out _));
        return (await LoadedTables.ReadAsync(account, t => SchemaOf(t)?.Table(t), TestContext.Current.CancellationToken), SchemaOf);
    }

    private static string Lines(IEnumerable<string> rows) => string.Join('\n', rows);

    private static string Joined(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));
}
