using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Dlt.Internal;
using Dlt.Lake;

namespace Dlt.Tests.Support.Services;

/// <summary>
/// Runs the DDL statements of Athena on the catalog of a local account, as in a Hive metastore that is registered under a name: those of
/// loads on local accounts, and those that change partitions, properties, columns and locations.
/// </summary>
/// <param name="account">The account.</param>
/// <param name="catalog">Name of the data catalog.</param>
internal sealed partial class HiveStatements(LocalAthena account, string catalog)
{
    private const string Fault = "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. ";

    /// <summary>Runs a statement.</summary>
    /// <returns>The lines that it prints.</returns>
    /// <exception cref="AthenaQueryException">It failed.</exception>
    public async Task<ImmutableArray<string>> RunAsync(string sql)
    {
        if (!sql.Contains($"`{catalog}`.", StringComparison.Ordinal) && sql != "SELECT 1")
            throw new AthenaQueryException("CATALOG_NOT_FOUND", $"No statement of '{catalog}': {sql}");
        if (Shown().Match(sql) is { Success: true } shown) return await ShowAsync(shown.Groups["db"].Value, shown.Groups["t"].Value);
        if (Altered().Match(sql) is not { Success: true } altered || altered.Groups["what"].Value.StartsWith("ADD COLUMNS"))
        {
            var local = sql.Replace($"`{catalog}`.", "`awsdatacatalog`.", StringComparison.Ordinal);
            await using var result = await account.Athena.ExecuteAsync(new(local));
            return [];
        }

        var (database, name, what) = (altered.Groups["db"].Value, altered.Groups["t"].Value, altered.Groups["what"].Value);
        var table = await account.Glue.GetTableAsync(database, name)
            ?? throw new AthenaQueryException("QUERY_FAILED", $"{Fault}NoSuchObjectException(message:{database}.{name} table not found)");
        if (what.StartsWith("ADD IF NOT EXISTS PARTITION")) await AddAsync(table, what);
        else if (what.StartsWith("DROP IF EXISTS PARTITION")) await DropAsync(table, what);
        else if (what.StartsWith("PARTITION ")) await WidenAsync(table, what);
        else await account.Glue.UpdateTableAsync(database, Changed(table.Definition, what));
        return [];
    }

    private static GlueTableInput Changed(GlueTableInput table, string what)
    {
        var storage = table.StorageDescriptor!;
        var texts = Texts().Matches(what).Select(m => Plain(m.Groups[1].Value)).ToList();
        if (what.StartsWith("SET LOCATION")) return table with { StorageDescriptor = storage with { Location = texts.Single() } };
        if (what.StartsWith("SET TBLPROPERTIES"))
        {
            var pairs = texts.Chunk(2).Select(p => KeyValuePair.Create(p[0], p[1]));
            return table with { Parameters = (table.Parameters ?? ImmutableSortedDictionary<string, string>.Empty).SetItems(pairs) };
        }

        if (!what.StartsWith("REPLACE COLUMNS (")) throw new AthenaQueryException("SYNTAX_ERROR", $"mismatched input: {what}");
        return table with { StorageDescriptor = storage with { Columns = [.. Columns(what["REPLACE COLUMNS (".Length..^1])] } };
    }

    private static IEnumerable<GlueColumn> Columns(string text) =>
        ColumnStart().Split(text).Select(c => c.Split(' ', 2)).Select(c => new GlueColumn(c[0].Trim('`'), c[1]));

    private static string Plain(string text) => Regex.Replace(text, @"\\(.)", "$1");

    private static IEnumerable<(ImmutableArray<string> Values, string? Location)> Partitions(string what) =>
        Partition().Matches(what).Select(m => (
            Texts().Matches(m.Groups["keys"].Value).Select(t => Plain(t.Groups[1].Value)).ToImmutableArray(),
            m.Groups["at"] is { Success: true, Value: var at } ? Plain(at) : null));

    private async Task AddAsync(GlueTable table, string what)
    {
        var storage = table.Definition.StorageDescriptor!;
        var added = Partitions(what).Select(p => new GluePartition
        {
            Values = p.Values,
            StorageDescriptor = storage with { Location = p.Location },
            Parameters = ImmutableSortedDictionary<string, string>.Empty,
        });
        await account.Glue.CreatePartitionsAsync(table.DatabaseName, table.Name, [.. added]);
    }

    private async Task DropAsync(GlueTable table, string what) => await account.Glue.DeletePartitionsAsync(
        table.DatabaseName, table.Name, [.. Partitions(what).Select(p => p.Values)]);

    private async Task WidenAsync(GlueTable table, string what)
    {
        var values = Partitions(what).Single().Values;
        var partition = Assert.Single(await account.Glue.FindPartitionsAsync(table.DatabaseName, table.Name, [values]));
        var storage = partition.StorageDescriptor!;
        var added = Columns(what[(what.IndexOf("ADD COLUMNS (", StringComparison.Ordinal) + "ADD COLUMNS (".Length)..^1]).ToList();
        if (storage.Columns.FirstOrDefault(c => added.Exists(a => a.Name == c.Name)) is { } known)
            throw new AthenaQueryException("QUERY_FAILED", $"{Fault}Duplicate column name: {known.Name}");
        var widened = partition with { StorageDescriptor = storage with { Columns = [.. storage.Columns, .. added] } };
        await account.Glue.UpdatePartitionsAsync(table.DatabaseName, table.Name, [widened]);
    }

    private async Task<ImmutableArray<string>> ShowAsync(string database, string name)
    {
        var table = (await account.Glue.GetTableAsync(database, name))!;
        var keys = table.Definition.PartitionKeys!.Value.Select(k => k.Name).ToList();
        var found = await account.Glue.GetPartitionsAsync(database, name).ToListAsync();
        return [.. found.Select(p => HivePath.FolderOf(keys, p.Values))];
    }

    [GeneratedRegex("^SHOW PARTITIONS `[^`]+`\\.`(?<db>[^`]+)`\\.`(?<t>[^`]+)`$")]
    private static partial Regex Shown();

    [GeneratedRegex("^ALTER TABLE `[^`]+`\\.`(?<db>[^`]+)`\\.`(?<t>[^`]+)` (?<what>.*)$", RegexOptions.Singleline)]
    private static partial Regex Altered();

    [GeneratedRegex(@"'((?:[^'\\]|\\.)*)'")]
    private static partial Regex Texts();

    [GeneratedRegex(@"PARTITION \((?<keys>(?:`[^`]+`='(?:[^'\\]|\\.)*'(?:, )?)+)\)(?: LOCATION '(?<at>(?:[^'\\]|\\.)*)')?")]
    private static partial Regex Partition();

    [GeneratedRegex(", (?=`)")]
    private static partial Regex ColumnStart();
}
