using Dlt.Json;
using Dlt.Lake;
using Xunit;

namespace Dlt.Golden.Athena;

/// <summary>
/// Compares what is left in an account: databases, tables, formats, locations, columns, partition specs and rows of the main datasets.
/// Snapshots, properties and staging datasets are not compared (README).
/// </summary>
internal static class EndState
{
    /// <summary>Of a case where dlt loses rows: the rows that went in, by table; other tables and columns are not compared.</summary>
    public const string OurRows = "our_rows";

    /// <param name="expected">With <c>end_state</c> and <c>bindings</c>.</param>
    /// <param name="account">What is there.</param>
    /// <param name="stagingLayout">Name of a staging dataset, with <c>%s</c> for the dataset.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static async Task CheckAsync(
        JsonValue expected, LocalAthena account, string stagingLayout, CancellationToken cancellationToken)
    {
        if (expected["runs"]!.Items.All(r => r["outcome"]!.AsString() != "ok"))
        {
            await CheckEmptyAsync(account, cancellationToken);
            return;
        }

        var all = expected["end_state"]!.Members.Names.ToList();
        var databases = all.Where(d => !all.Any(other => StagingOf(stagingLayout, other) == d)).ToList();
        List<string> found = [];
        await foreach (var database in account.Glue.GetDatabasesAsync(cancellationToken)) found.Add(database.Name);
        found.RemoveAll(d => found.Any(other => StagingOf(stagingLayout, other) == d));
        Assert.True(
            databases.Count == found.Count && databases.All(e => found.Any(a => Placeholder.Matches(e, a))),
            $"Databases: dlt has {Joined(databases)}, here are {Joined(found)}.");
        foreach (var database in databases)
        {
            var actual = found.Single(a => Placeholder.Matches(database, a));
            await CheckDatabaseAsync(expected, database, actual, account, cancellationToken);
        }

        if (expected[OurRows] is { } rows) await OurRowsCheck.CheckAsync(rows, account, cancellationToken);
    }

    /// <summary>Where no run ended well, empty tables may be left, here others than there.</summary>
    private static async Task CheckEmptyAsync(LocalAthena account, CancellationToken cancellationToken)
    {
        await foreach (var database in account.Glue.GetDatabasesAsync(cancellationToken))
            await foreach (var table in account.Glue.GetTablesAsync(database.Name, cancellationToken))
            {
                if (table.Name == "_dlt_pipeline_state") continue;   // a state counts when its load is complete
                var state = await TableState.ReadAsync(account, table, cancellationToken);
                if (state.Columns.Any(c => c.Name == "_dlt_load_id"))
                    Assert.True(state.Rows.Count == 0, $"{database.Name}.{table.Name} has rows.");
            }
    }

    private static async Task CheckDatabaseAsync(
        JsonValue expected, string database, string actual, LocalAthena account, CancellationToken cancellationToken)
    {
        if (expected["end_state"]![database]!.IsNull) return;
        var before = expected["end_state"]![database]!.Members
            .ToDictionary(t => t.Key, t => TableState.Of(t.Value), StringComparer.Ordinal);
        var after = new Dictionary<string, TableState>(StringComparer.Ordinal);
        await foreach (var table in account.Glue.GetTablesAsync(actual, cancellationToken))
            after[table.Name] = await TableState.ReadAsync(account, table, cancellationToken);
        Assert.Equal($"{database}: {Joined(before.Keys)}", $"{database}: {Joined(after.Keys)}");
        foreach (var (name, table) in before) CheckTable(name, table, after[name]);
        RowTexts.Check(Committed(before), Committed(after), expected["bindings"]!);
    }

    /// <summary>
    /// A state counts when its load is complete, by the definition of dlt's own query; its file comes before that, here as there.
    /// </summary>
    private static Dictionary<string, TableState> Committed(Dictionary<string, TableState> tables)
    {
        if (!tables.TryGetValue("_dlt_loads", out var loads) || !tables.TryGetValue("_dlt_pipeline_state", out var states)) return tables;
        var complete = loads.Rows.Select(r => r[0]).ToHashSet();
        var load = states.Columns.Select(c => c.Name).ToList().IndexOf("_dlt_load_id");
        return new(tables, StringComparer.Ordinal)
        {
            ["_dlt_pipeline_state"] = states with { Rows = [.. states.Rows.Where(r => complete.Contains(r[load]))] },
        };
    }

    /// <summary>Compares a table without its rows.</summary>
    public static void CheckTable(string name, TableState before, TableState after)
    {
        Assert.Equal($"{name}: {before.Format}", $"{name}: {after.Format}");
        Assert.True(Placeholder.Matches(before.Location, after.Location), $"{name} is at {after.Location}, dlt's is at {before.Location}.");
        Assert.Equal($"{name}: {Columns(before)}", $"{name}: {Columns(after)}");
        Assert.Equal($"{name} by {Joined(before.Partition)}", $"{name} by {Joined(after.Partition)}");
    }

    /// <summary>Columns of one table; columns that come in one change have no order in dlt's tests, those of the file have.</summary>
    private static string Columns(TableState table) => string.Join(", ", table.Columns.Select(c => $"{c.Name} {c.Type}"));

    private static string StagingOf(string layout, string dataset) => layout.Replace("%s", dataset, StringComparison.Ordinal);

    private static string Joined(IEnumerable<string> names) => string.Join(", ", names.Order(StringComparer.Ordinal));
}
