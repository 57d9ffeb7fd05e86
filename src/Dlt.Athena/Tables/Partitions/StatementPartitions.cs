using System.Collections.Immutable;
using System.Text;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Partitions in a catalog that Glue does not serve: <c>SHOW PARTITIONS</c> lists their values, and <c>ALTER TABLE</c> adds, widens and
/// drops them. No other run writes the dataset meanwhile, because the run holds its lease.
/// </summary>
/// <param name="catalog">Reads tables.</param>
/// <param name="queries">Runs the statements.</param>
/// <param name="statements">Texts of statements.</param>
/// <param name="objects">Lists the files.</param>
/// <param name="database">Database of the tables.</param>
internal sealed class StatementPartitions(
    IGlueCatalog catalog, DdlQueries queries, DdlStatements statements, IObjectStore objects, string database) : IListedPartitions
{
    /// <summary>Partitions of one statement.</summary>
    private const int MaxPartitions = 50;

    /// <summary>Bytes of one statement (Amazon Athena API, StartQueryExecution).</summary>
    private const int MaxStatementBytes = 262_144;

    /// <summary>Statements that run at once. Athena queues more than 20 of an account (Amazon Athena User Guide, Service Quotas).</summary>
    private const int Parallelism = 8;

    /// <summary>What a line of a result may end with. Names of folders have none of them, and blanks belong to their values.</summary>
    private static readonly char[] EndsOfLines = ['\r', '\n', '\t'];

    /// <summary>Does nothing: neither a metadata call nor <c>SHOW PARTITIONS</c> gives the folder of a partition.</summary>
    public Task CheckAsync(GlueTable table, IReadOnlyCollection<HivePartition> partitions, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public async Task AddAsync(string table, IReadOnlyCollection<ObjectLocation> files, CancellationToken cancellationToken)
    {
        if (files.Count == 0 || await TableAsync(table, cancellationToken).ConfigureAwait(false) is not { } stored) return;
        var folders = new PartitionFolders(stored);
        var values = files.Select(folders.ValuesOf).OfType<ImmutableArray<string>>().DistinctBy(folders.LocationOf);
        await AddAsync(stored, folders, values, cancellationToken).ConfigureAwait(false);
    }

    public async Task MatchAsync(string table, CancellationToken cancellationToken)
    {
        if (await TableAsync(table, cancellationToken).ConfigureAwait(false) is not { } stored) return;
        var folders = new PartitionFolders(stored);
        var known = await ListAsync(stored, cancellationToken).ConfigureAwait(false);
        var filled = await folders.FilledAsync(objects, cancellationToken).ConfigureAwait(false);
        string FolderOf(ImmutableArray<string> values) => folders.LocationOf(values).TrimEnd('/');
        string Drop(IEnumerable<ImmutableArray<string>> some) => statements.DropPartitions(stored, some);
        foreach (var statement in StatementsOf(known.Where(v => !filled.ContainsKey(FolderOf(v))), Drop))
            await queries.RunAsync(database, statement, cancellationToken).ConfigureAwait(false);
        var listed = known.Select(FolderOf).ToHashSet(StringComparer.Ordinal);
        var lacking = filled.Where(f => !listed.Contains(f.Key)).Select(f => folders.ValuesOf(f.Value)!.Value);
        await AddAsync(stored, folders, lacking, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A partition keeps its own columns, so each gets the new ones by a statement of its own.</summary>
    /// <exception cref="SchemaException">A column gains fields, which no statement adds in a partition. Nothing was changed.</exception>
    public async Task WidenAsync(GlueTable table, ImmutableArray<GlueColumn> columns, CancellationToken cancellationToken)
    {
        if (!PartitionListing.IsInGlue(table)) return;
        var types = table.Columns.ToDictionary(c => c.Name, c => c.Type, StringComparer.OrdinalIgnoreCase);
        if (columns.FirstOrDefault(c => types.TryGetValue(c.Name, out var old) && old != c.Type) is { } other) throw Changed(table, other);
        var added = columns.Where(c => !types.ContainsKey(c.Name)).ToList();
        if (added.Count == 0) return;
        var partitions = await ListAsync(table, cancellationToken).ConfigureAwait(false);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            partitions, options, async (values, stop) => await WidenAsync(table, values, added, stop).ConfigureAwait(false))
            .ConfigureAwait(false);
    }

    private async Task WidenAsync(
        GlueTable table, ImmutableArray<string> values, List<GlueColumn> added, CancellationToken cancellationToken)
    {
        foreach (var column in added)
        {
            try
            {
                var statement = statements.AddColumn(table, values, column);
                await queries.RunAsync(database, statement, cancellationToken).ConfigureAwait(false);
            }
            catch (GlueException error) when (error.IsConflict)
            {
                // An earlier attempt added the column.
            }
        }
    }

    private async Task AddAsync(
        GlueTable table, PartitionFolders folders, IEnumerable<ImmutableArray<string>> values, CancellationToken cancellationToken)
    {
        string Add(IEnumerable<ImmutableArray<string>> some) =>
            statements.AddPartitions(table, some.Select(v => (v, folders.LocationOf(v))));
        foreach (var statement in StatementsOf(values, Add))
            await queries.RunAsync(database, statement, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Statements about partitions, each within the limits of Athena.</summary>
    /// <param name="partitions">Values of the partitions.</param>
    /// <param name="statementOf">Writes the statement of some partitions.</param>
    private static IEnumerable<string> StatementsOf(
        IEnumerable<ImmutableArray<string>> partitions, Func<IEnumerable<ImmutableArray<string>>, string> statementOf)
    {
        var some = new List<ImmutableArray<string>>();
        var bytes = 0;
        foreach (var partition in partitions)
        {
            // The statement of several partitions is shorter than those of each together: it names the table once.
            var own = Encoding.UTF8.GetByteCount(statementOf([partition])) + 1;
            if (some.Count == MaxPartitions || (some.Count > 0 && bytes + own > MaxStatementBytes))
            {
                yield return statementOf(some);
                (some, bytes) = ([], 0);
            }

            some.Add(partition);
            bytes += own;
        }

        if (some.Count > 0) yield return statementOf(some);
    }

    private async Task<GlueTable?> TableAsync(string table, CancellationToken cancellationToken) =>
        await catalog.GetTableAsync(database, table, cancellationToken).ConfigureAwait(false) is { } stored
            && PartitionListing.IsInGlue(stored) ? stored : null;

    /// <summary>Values of the partitions that the catalog lists.</summary>
    private async Task<List<ImmutableArray<string>>> ListAsync(GlueTable table, CancellationToken cancellationToken)
    {
        var keys = table.Definition.PartitionKeys!.Value.Select(k => k.Name).ToList();
        var lines = await queries.ReadAsync(database, statements.ShowPartitions(table), cancellationToken).ConfigureAwait(false);
        return [.. lines.Select(l => HivePath.ValuesOf(keys, l.Trim(EndsOfLines) + "/file")).OfType<ImmutableArray<string>>()];
    }

    private SchemaException Changed(GlueTable table, GlueColumn column) => new(
        $"Column '{database}.{table.Name}.{column.Name}' gains fields ({column.Type}), and no statement changes the type of a column in "
        + "the partitions that the catalog lists. Nothing was loaded; the package stays pending. Load into a table of another name with "
        + "hive_partitions = \"projection\".")
    { Table = table.Name, Column = column.Name };
}
