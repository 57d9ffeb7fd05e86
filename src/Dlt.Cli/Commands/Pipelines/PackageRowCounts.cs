using System.Collections.Immutable;
using System.Globalization;
using Dlt.Lake;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary>Rows of one load at the destination, which two queries count.</summary>
/// <param name="LoadId">Id of the load.</param>
/// <param name="IsComplete">True when <c>_dlt_loads</c> has the load.</param>
/// <param name="Rows">Rows by table, of the tables with a column <c>_dlt_load_id</c>.</param>
internal sealed record PackageRowCounts(string LoadId, bool IsComplete, ImmutableSortedDictionary<string, long> Rows)
{
    private const string Loads = "_dlt_loads";
    private const string LoadIdOfRows = "_dlt_load_id";
    private const string LoadIdOfLoads = "load_id";

    /// <summary>All rows of the load.</summary>
    public long Total => Rows.Values.Sum();

    /// <summary>Counts the rows.</summary>
    /// <param name="loadId">Id of the load.</param>
    /// <param name="tables">Tables of its schema.</param>
    /// <param name="database">The database of the dataset.</param>
    /// <param name="query">Runs a query.</param>
    public static async Task<PackageRowCounts> ReadAsync(
        string loadId, IEnumerable<string> tables, string database, Func<string, Task<QueryTable>> query)
    {
        var wanted = tables.Select(t => t.ToLowerInvariant()).ToHashSet(StringComparer.Ordinal);
        var counted = (await ColumnsAsync(database, query))
            .Where(c => c.Column == LoadIdOfRows ? wanted.Contains(c.Table) : c.Table == Loads).Distinct().ToList();
        if (counted.Count == 0) return new(loadId, false, ImmutableSortedDictionary<string, long>.Empty);
        var counts = counted.Select(c => $"SELECT {Literal(c.Table)} AS table_name, count(*) AS row_count FROM \"{c.Table}\" "
            + $"WHERE {c.Column} = {Literal(loadId)}{(c.Table == Loads ? " AND status = 0" : "")}");
        var rows = (await query(string.Join(" UNION ALL ", counts))).Rows
            .ToImmutableSortedDictionary(r => r[0]!, r => long.Parse(r[1]!, CultureInfo.InvariantCulture), StringComparer.Ordinal);
        return new(loadId, rows.GetValueOrDefault(Loads) > 0, rows.Remove(Loads));
    }

    /// <summary>Columns with load ids; none in a database that does not exist yet.</summary>
    private static async Task<IEnumerable<(string Table, string Column)>> ColumnsAsync(
        string database, Func<string, Task<QueryTable>> query)
    {
        try
        {
            var found = await query($"""
                SELECT table_name, column_name FROM information_schema.columns
                WHERE table_schema = {Literal(database)} AND column_name IN ('{LoadIdOfRows}', '{LoadIdOfLoads}')
                """);
            return found.Rows.Select(r => (r[0]!, r[1]!));
        }
        catch (AthenaQueryException error) when (error.ErrorName == "SCHEMA_NOT_FOUND")
        {
            return [];
        }
    }

    public void Print(TextWriter output)
    {
        output.WriteLine($"Load package {LoadId} is {(IsComplete ? "completed" : "NOT completed")}: {Loads} "
            + $"{(IsComplete ? "has it" : "does not have it")}.");
        foreach (var (table, rows) in Rows) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"- {table}: {rows} row(s)"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Total: {Total} row(s)"));
    }

    public JsonValue ToJson() => JsonValue.Object(
        ("load_id", JsonValue.String(LoadId)),
        ("completed", JsonValue.Bool(IsComplete)),
        ("rows", JsonValue.Object(Rows.Select(r => KeyValuePair.Create(r.Key, JsonValue.Integer(r.Value))))),
        ("total", JsonValue.Integer(Total)));

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
}
