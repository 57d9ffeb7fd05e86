using System.Collections.Concurrent;
using Dlt.Destinations.Settings;
using Dlt.Iceberg;
using Dlt.Lake;

namespace Dlt.Destinations.Maintenance;

/// <summary>
/// Finds where the tables of all databases of the catalog keep their files. That is more than <see cref="GlueTable.Location"/>: Iceberg
/// tables have <c>write.data.path</c>, files of earlier paths and files of other tables; partitions have their own locations.
/// </summary>
/// <param name="glue">The catalog.</param>
/// <param name="iceberg">Opens the Iceberg tables.</param>
/// <param name="database">The database that is read when the catalog does not list its databases.</param>
internal sealed class CatalogFiles(IGlueCatalog glue, GlueCatalog iceberg, string database)
{
    private const int TablesAtOnce = 8;

    private List<GlueTable>? _tables;
    private List<UsedFiles>? _used;
    private string? _unknown;

    /// <summary>Why files of some tables are not known, as sentences; null when all are. Valid after <see cref="UsedAsync"/>.</summary>
    public string? Unknown => _unknown;

    /// <summary>The folders that the catalog names, in few calls. The tables may have files elsewhere.</summary>
    /// <param name="cancellationToken">Stops the calls.</param>
    public async Task<List<string>> NamedFoldersAsync(CancellationToken cancellationToken) =>
        [.. (await TablesAsync(cancellationToken).ConfigureAwait(false)).SelectMany(Named)];

    /// <summary>The files of all tables, read once: partitions are listed, and metadata of Iceberg tables is read.</summary>
    /// <param name="cancellationToken">Stops the calls.</param>
    public async Task<IReadOnlyList<UsedFiles>> UsedAsync(CancellationToken cancellationToken)
    {
        if (_used is not null) return _used;
        var tables = await TablesAsync(cancellationToken).ConfigureAwait(false);
        var (used, errors) = (new ConcurrentBag<UsedFiles>(), new ConcurrentBag<string>());
        var options = new ParallelOptions { MaxDegreeOfParallelism = TablesAtOnce, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(tables, options, async (table, stop) =>
        {
            var (files, error) = await OfAsync(table, stop).ConfigureAwait(false);
            used.Add(files);
            if (error is not null) errors.Add(error);
        }).ConfigureAwait(false);
        if (!errors.IsEmpty) _unknown = string.Join(' ', errors.Order(StringComparer.Ordinal).Prepend(_unknown).OfType<string>());
        return _used = [.. used];
    }

    private async Task<List<GlueTable>> TablesAsync(CancellationToken cancellationToken)
    {
        if (_tables is not null) return _tables;
        var tables = new List<GlueTable>();
        try
        {
            await foreach (var found in glue.GetDatabasesAsync(cancellationToken).ConfigureAwait(false))
                await AddAsync(found.Name, tables, cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (!error.IsTransient)
        {
            _unknown = error.Message;
            tables.RemoveAll(t => t.DatabaseName == database);
            await AddAsync(database, tables, cancellationToken).ConfigureAwait(false);
        }

        return _tables = tables;
    }

    private async Task AddAsync(string name, List<GlueTable> tables, CancellationToken cancellationToken)
    {
        await foreach (var table in glue.GetTablesAsync(name, cancellationToken).ConfigureAwait(false)) tables.Add(table);
    }

    private async Task<(UsedFiles Files, string? Error)> OfAsync(GlueTable table, CancellationToken cancellationToken)
    {
        var folders = Named(table).ToList();
        var files = new HashSet<string>(StringComparer.Ordinal);
        string? problem = null;
        try
        {
            if (table.IsIceberg) await AddIcebergAsync(table, folders, files, cancellationToken).ConfigureAwait(false);
            else if (HasListedPartitions(table)) await AddPartitionsAsync(table, folders, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error)
            when (error is FormatException or DltException { IsTransient: false } and not ConfigurationException)
        {
            problem = $"The files of table '{table.DatabaseName}.{table.Name}' are not known: {error.Message}";
        }

        files.RemoveWhere(file => folders.Exists(f => file.StartsWith(f, StringComparison.Ordinal)));
        return (new(table.DatabaseName, table.Name, table.IsIceberg, folders, files), problem);
    }

    private async Task AddIcebergAsync(
        GlueTable stored, List<string> folders, HashSet<string> files, CancellationToken cancellationToken)
    {
        var table = await iceberg.LoadTableAsync(stored.DatabaseName, stored, cancellationToken).ConfigureAwait(false);
        folders.Add(UsedFiles.FolderOf(TableLocations.Data(table.Metadata)));
        folders.Add(UsedFiles.FolderOf(TableLocations.Metadata(table.Metadata)));
        files.UnionWith((await ReachableFiles.OfAsync(table, cancellationToken).ConfigureAwait(false)).Select(UsedFiles.Plain));
    }

    private async Task AddPartitionsAsync(GlueTable table, List<string> folders, CancellationToken cancellationToken)
    {
        var own = folders.Count;
        var partitions = glue.GetPartitionsAsync(table.DatabaseName, table.Name, cancellationToken);
        await foreach (var partition in partitions.ConfigureAwait(false))
        {
            if (partition.StorageDescriptor?.Location is not { Length: > 0 } location) continue;
            var folder = UsedFiles.FolderOf(location);
            if (!folders.Take(own).Any(f => folder.StartsWith(f, StringComparison.Ordinal))) folders.Add(folder);
        }
    }

    /// <summary>True when the catalog lists the partitions of a table.</summary>
    private static bool HasListedPartitions(GlueTable table) =>
        table.Definition.PartitionKeys is { IsDefaultOrEmpty: false }
            && !"true".Equals(table.Definition.Parameters?.GetValueOrDefault("projection.enabled"), StringComparison.OrdinalIgnoreCase);

    /// <summary>The folders in the definition of a table.</summary>
    private static IEnumerable<string> Named(GlueTable table)
    {
        var locations = new List<string> { table.Location };
        if (table.Definition.StorageDescriptor?.AdditionalLocations is { IsDefault: false } more) locations.AddRange(more);
        if (table.Definition.Parameters?.GetValueOrDefault("storage.location.template") is { } template)
        {
            var fixedPart = template.Split("${", 2)[0];
            locations.Add(fixedPart[..(fixedPart.LastIndexOf('/') + 1)]);
        }

        // The folder of a table is its own also while it reads from that of a swap below it.
        return locations.Where(l => l.Length > 0).Select(l => SwapFolder.PlainOf(UsedFiles.FolderOf(l)));
    }
}
