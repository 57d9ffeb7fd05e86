using Dlt.Destinations.Publishing.Merging;
using Dlt.Destinations.Staging;
using Dlt.Destinations.Tables;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing;

/// <summary>Begins a load: refuses tables that cannot take its rows, then registers it. No table is changed.</summary>
/// <param name="migrator">Checks the tables.</param>
/// <param name="registry">Registers the load.</param>
/// <param name="replacement">How the rows of external tables are replaced.</param>
/// <param name="formats">Determines which tables are Iceberg tables.</param>
/// <param name="capabilities">What the destination can store.</param>
internal sealed class LoadBeginning(
    TableMigrator migrator, LoadRegistry registry, HiveReplacement replacement, TableFormats formats, DestinationCapabilities capabilities)
{
    /// <summary>The folder of the dataset.</summary>
    public required DatasetFolder Folder { get; init; }

    /// <summary>What this process knows of the catalog.</summary>
    public required CatalogLook Look { get; init; }

    /// <summary>Writes data files of Iceberg tables.</summary>
    public required IcebergStaging Staging { get; init; }

    /// <summary>Merges by statements of Athena; null when commits merge.</summary>
    public required SqlMerges? SqlMerges { get; init; }

    /// <summary>Receives warnings for the user.</summary>
    public required Action<string> Warn { get; init; }

    /// <summary>Begins a load, or goes on with one that began earlier.</summary>
    /// <param name="plan">The plan of the load.</param>
    /// <param name="cancellationToken">Stops; the load may be registered.</param>
    /// <exception cref="DltException">A table cannot take the rows, or a newer dlt made the dataset.</exception>
    public async Task<ActiveLoad> RunAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        var merge = SqlMerges?.Of(plan);
        foreach (var chain in plan.Chains.Where(c => merge?.Has(c.Root.Name) != true))
            ChainPublishers.Of(chain.Mode);   // refuses a mode that has no publisher
        var dropped = plan.Dropped.Select(t => t.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var table in dropped) Look.Forget(table);   // a drop deletes the files of the current version, and no others
        var found = await CheckAsync(plan, dropped, cancellationToken).ConfigureAwait(false);
        bool IsExternal(string table) => !formats.IsIceberg(plan.Schema, table, found);
        bool IsInGlue(TableSchema table) => migrator.Listing.IsInGlue(table, found.Of(table.Name));
        var partitions = await PartitionedJobs.ReadAsync(plan, IsExternal, IsInGlue, capabilities, cancellationToken)
            .ConfigureAwait(false);
        found = found with { Partitions = partitions.ByTable(plan) };
        await PartitionCheck.CheckAsync(partitions, found, migrator.Partitions, cancellationToken).ConfigureAwait(false);
        var targets = replacement.TargetsOf(plan, new(IsExternal, partitions)
        {
            FolderOf = table => !dropped.Contains(table) && found.Of(table) is { } stored ? registry.SwapFolderOf(table, stored) : null,
        }, found);
        var files = await registry.BeginAsync(plan, targets, cancellationToken).ConfigureAwait(false);
        replacement.WarnOf(targets, files.Own);
        return new(plan, files, formats, registry, Staging, Warn)
        {
            Found = found,
            Partitions = partitions,
            ListedPartitions = migrator.Partitions,
            SqlMerge = merge,
        };
    }

    /// <summary>Finds the tables of a load, and refuses those that cannot take the rows.</summary>
    private async Task<FoundTables> CheckAsync(LoadPlan plan, HashSet<string> dropped, CancellationToken cancellationToken)
    {
        var emptied = plan.Emptied.SelectMany(c => c.Tables).Select(t => t.Table);
        var kept = plan.Prepared.Where(t => !dropped.Contains(t.Name));
        var marking = Folder.ReadMarkerAsync(cancellationToken);   // refuses a dataset of a newer dlt
        var checking = migrator.CheckAsync(plan.Schema, kept, [.. plan.Dropped, .. emptied], cancellationToken);
        await Task.WhenAll(marking, checking).ConfigureAwait(false);
        return await checking.ConfigureAwait(false);
    }
}
