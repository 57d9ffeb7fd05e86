using Dlt.Destinations.Publishing.Merging;
using Dlt.Destinations.Staging;
using Dlt.Destinations.Tables;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// A load from its publish object to its end: its tables as it found and changed them, each loaded according to its format.
/// </summary>
/// <param name="plan">The plan of the load.</param>
/// <param name="files">Files of the load in external tables.</param>
/// <param name="formats">Determines which tables are Iceberg tables.</param>
/// <param name="registry">Determines the folders of tables.</param>
/// <param name="staging">Writes data files of Iceberg tables.</param>
/// <param name="warn">Receives warnings for the user.</param>
internal sealed class ActiveLoad(
    LoadPlan plan, LoadFiles files, TableFormats formats, LoadRegistry registry, IcebergStaging staging, Action<string> warn)
{
    /// <summary>The tables of the database, first as found, then as the load made or changed them.</summary>
    public required FoundTables Found { get; set; }

    /// <summary>Partitions of the load's files for external tables.</summary>
    public PartitionedJobs Partitions { get; init; } = PartitionedJobs.None;

    /// <summary>Lists partitions of external tables in Glue.</summary>
    public required IListedPartitions ListedPartitions { get; init; }

    /// <summary>Files of the load in external tables.</summary>
    public LoadFiles Files => files;

    /// <summary>Staged files that the Iceberg tables of the load do not need.</summary>
    public UnneededFiles Unneeded { get; } = new();

    /// <summary>Receives warnings for the user.</summary>
    public Action<string> Warn => warn;

    /// <summary>The plan of the load.</summary>
    public LoadPlan Plan => plan;

    /// <summary>The publish object of the load, as this process wrote it last.</summary>
    public PublishObject Published { get; set; } = files.Own;

    /// <summary>True when the load has stored a version of its schema.</summary>
    public bool HasNewVersion { get; set; }

    /// <summary>
    /// True for a load that another machine began and staged. Its jobs have no files here, and its tables exist, so that their format is
    /// that of the catalog.
    /// </summary>
    public bool IsRecovered { get; init; }

    /// <summary>Merges by statements of Athena; null when the load has none.</summary>
    public SqlMerge? SqlMerge { get; init; }

    /// <summary>True when a table of the load is an Iceberg table.</summary>
    public bool IsIceberg(string table) =>
        IsRecovered ? Found.Of(table)?.IsIceberg == true : formats.IsIceberg(plan.Schema, table, Found);

    /// <summary>True when a table of the load is an external table with partitions.</summary>
    private bool HasPartitions(string table) => IsRecovered
        ? Found.Of(table)?.Definition.PartitionKeys is { IsDefaultOrEmpty: false }
        : !Partitions.KeysOf(table).IsEmpty;

    /// <summary>The receipt of a staged job, with what another machine needs to publish it.</summary>
    public ReadOnlyMemory<byte> ReceiptOf(LoadJob job) =>
        IsIceberg(job.Table.Name) || HasPartitions(job.Table.Name) ? job.Receipt : StagedFile.Of(job, files.KeyOf).ToReceipt();

    /// <summary>Returns what stages the jobs of a table.</summary>
    public IJobStaging StagingOf(TableSchema table) =>
        SqlMerge is { } merge && merge.Has(table.Name) ? merge.Staging : TableOf(table);

    /// <summary>Opens a table of the load.</summary>
    public ITableLoad TableOf(TableSchema table)
    {
        if (IsIceberg(table.Name)) return new IcebergTableLoad(table, this, files.Iceberg(warn), staging);
        var folder = registry.FolderOf(table.Name);
        return HasPartitions(table.Name)
            ? new PartitionedTableLoad(table.Name, files, folder, Partitions, ListedPartitions, staging.Rewrites)
            : new ExternalTableLoad(table.Name, files, folder);
    }

    /// <summary>Empties the external tables that the load replaces, before its files are uploaded. May be repeated.</summary>
    public async Task EmptyReplacedAsync(CancellationToken cancellationToken)
    {
        foreach (var table in plan.Chains.Where(c => c.Mode.ReplacesAllRows).SelectMany(c => c.Tables).Select(t => t.Table))
        {
            if (IsIceberg(table.Name)) continue;
            await TableOf(table).TruncateAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Publishes a chain according to its mode.</summary>
    /// <returns>Rows of the load by table, as in <see cref="IChainPublishing.PublishAsync"/>.</returns>
    public Task<IReadOnlyDictionary<string, PublishedRows>> PublishAsync(TableChain chain, CancellationToken cancellationToken) =>
        SqlMerge is { } merge && merge.Has(chain.Root.Name)
            ? merge.PublishAsync(chain, files.Own.MayBeVisible, cancellationToken)
            : ChainPublishers.Of(chain.Mode).PublishAsync(chain, this, cancellationToken);
}
