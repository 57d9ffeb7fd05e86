using System.Collections.Concurrent;
using Dlt.Aws;
using Dlt.Destinations.Bookkeeping;
using Dlt.Destinations.Catalogs;
using Dlt.Destinations.Journal;
using Dlt.Destinations.Leases;
using Dlt.Destinations.Maintenance;
using Dlt.Destinations.Previews;
using Dlt.Destinations.Publishing;
using Dlt.Destinations.Publishing.Merging;
using Dlt.Destinations.Queries;
using Dlt.Destinations.Settings;
using Dlt.Destinations.Staging;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using Dlt.Schemas;
using Dlt.Storage;
using IcebergTable = Dlt.Iceberg.Table;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Destinations;

/// <summary>
/// One dataset: a Glue database and a folder of the bucket. Loads call S3 and Glue only and run no query, except with
/// <c>ddl = "athena"</c> or <c>merge_engine = "athena"</c> (docs/spec/athena-destination.md 5).
/// </summary>
internal sealed partial class AthenaDataset
    : IDestinationClient, IStateSync, IDatasetUpkeep, IRunLease, ILoadJournal, ILoadRemoval, ILoadPreview, IQueryMeter
{
    private readonly LakeAccount _lake;
    private readonly DestinationContext _context;
    private readonly bool _ownsLake;
    private readonly DatabaseName _databaseName;
    private readonly ForeignCatalog _foreign;
    private readonly DatasetLocations _locations;
    private readonly DatasetFolder _folder;
    private readonly DestinationCapabilities _capabilities;
    private readonly string _fileCodec;
    private readonly ReadOnlyRefusal _readOnly;
    private readonly DatabaseTags _tags;
    private readonly HiveReplacement _hiveReplacement;
    private readonly SchemaCheck _schemaCheck;
    private readonly TableFormats _formats;
    private readonly CatalogLook _look;
    private readonly TableMigrator _migrator;
    private readonly TableRemoval _removal;
    private readonly BookkeepingReader _bookkeeping;
    private readonly BookkeepingWriter _writer;
    private readonly BookkeepingLimits _limits;
    private readonly OtherNestedTables _otherNested;
    private readonly StagingPreparation _stagingPreparation;
    private readonly IcebergStaging _staging = new();
    private readonly LoadRegistry _registry;
    private readonly PreparedLoads _prepared;
    private readonly MeteredAthena _queries;
    private readonly DatasetLease _lease;
    private readonly LoadRemoval _loadRemoval;
    private readonly SqlMerges? _sqlMerges;
    private readonly LoadBeginning _beginning;

    /// <summary>
    /// Loads that are prepared and not yet settled, by load id. Packages that are committed together are prepared at the same time.
    /// </summary>
    private readonly ConcurrentDictionary<string, ActiveLoad> _loads = new(StringComparer.Ordinal);

    private readonly LoadUpkeep _upkeep;

    private UnfinishedRefreshes? _refreshes;

    public AthenaDataset(AthenaSettings settings, LakeAccount lake, DestinationContext context, bool ownsLake)
    {
        _lake = lake;
        _context = context;
        _ownsLake = ownsLake;
        Database = DatabaseName.Of(settings, context.DatasetName);
        _databaseName = new(lake.Glue, Database, context.DatasetName, context.Warn);
        _databaseName.WarnOfRename();
        var preview = lake as PreviewAccount;
        var account = preview?.Read ?? lake;
        _foreign = new(account.Glue, settings);
        _locations = new(settings, Database);
        _locations.CheckLayout();
        _folder = new(lake.Objects, _locations.Dataset);
        _lease = new(lake.Objects, _locations.Dataset, settings.Lease, context);
        _capabilities = settings.Capabilities;
        _fileCodec = settings.FileCodec;
        _readOnly = new(settings.IsReadOnly);
        _hiveReplacement = new(settings.HiveReplace, context.Warn);
        _tags = new((account as AwsAccount)?.LakeFormation, settings.Tags) { IsReadOnly = preview is not null };
        _schemaCheck = new(_capabilities, settings.ReplaceStrategy, _foreign);
        _formats = new(_capabilities, settings.ForceIceberg, _foreign);
        var catalog = Catalog(lake.Objects);
        _queries = MeteredAthena.Of(lake, settings.PricePerTerabyte);
        if (preview is not null)
            _preview = new(settings.Catalog, lake.Glue, catalog, settings.Ddl == DdlService.Athena, () => _foreign.IsUsed);
        var ddl = _preview ?? TableDdl.Of(settings, _queries, lake.Glue, catalog, _foreign);
        var iceberg = new IcebergTables(catalog, Database, _locations.OfNewIceberg, settings.TableProperties, ddl);
        _look = new(lake.Glue, Database, context.Time);
        _migrator = new(lake.Glue, Database, _capabilities, _locations.Of, settings.DatabaseLocation)
        {
            Ddl = ddl,
            Relocation = new(lake.Objects, _locations.Of),
            Occupied = new(lake.Objects, _locations.Dataset, _locations.Of, context.Warn),
            DatabaseParameters = DatabaseName.ParametersOf(context.DatasetName),
            IcebergTables = iceberg,
            Look = _look,
            Waits = new(context.Time, context.Warn),
            Formats = _formats,
            Listing = new(settings.HivePartitions),
            Partitions = new ListedPartitions(
                _foreign,
                new(lake.Glue, lake.Objects, Database),
                new(lake.Glue, new(_queries), new(settings.Catalog), lake.Objects, Database)),
        };
        // A run reads the manifests of its bookkeeping tables to find rows, and again for each commit.
        var readOnce = Catalog(new ManifestCache(lake.Objects));
        var bookkeeping = new BookkeepingTables(lake.Objects, _look, readOnce, iceberg, Database, _locations.Of, _formats)
        {
            LoadIdsOf = new KeyReader(settings.Layout).In(_locations.Dataset),
            Failures = new(context.Warn),
        };
        _bookkeeping = new(bookkeeping);
        _writer = new(bookkeeping, context.Time);
        _otherNested = new(_bookkeeping, lake.Glue, Database, _capabilities.MaxIdentifierLength, context.Warn);
        var staging = new StagingDataset(settings, lake, _locations, catalog, _migrator, Database, context);
        _stagingPreparation = new(staging, _look, _formats, _tags);
        var folder = new StagingFolder(lake.Objects, _locations.Bucket.Combine(staging.Database), settings.Layout);
        _sqlMerges = SqlMerges.Of(settings, lake, new(settings.Catalog, Database, staging.Database), folder, _queries, context.Warn);
        var abandoned = new AbandonedFiles(catalog, Database) { StagingFolder = _sqlMerges is null ? null : folder };
        _registry = new(lake.Objects, _locations.Dataset, settings.Layout, _bookkeeping.CompleteLoadsAsync)
        {
            Pipeline = context.PipelineName,
            RemoveStagedFiles = abandoned.RemoveAsync,
            SeenLoads = _bookkeeping.SeenLoadsAsync,
            Locations = new(lake.Glue, Database, _locations.Of, new(context.Time, context.Warn)),
        };
        _removal = new(_migrator, _locations.Bucket, _registry.FolderOf, context.Warn);
        _limits = new(bookkeeping, _registry.Folder, context.PipelineName, settings.MaxStateFiles, settings.MaxVersionRows);
        _prepared = new(
            _registry, _migrator, _bookkeeping, _writer, _formats, _staging, _capabilities.MaxIdentifierLength, context.Warn)
        { SqlMerges = _sqlMerges };
        _beginning = new(_migrator, _registry, _hiveReplacement, _formats, _capabilities)
        {
            Folder = _folder,
            Look = _look,
            Staging = _staging,
            SqlMerges = _sqlMerges,
            Warn = context.Warn,
        };
        Task<IcebergTable?> OpenAsync(string table, CancellationToken stop) => catalog.TryLoadTableAsync(new(Database, table), stop);
        Task<OpenLoads> OpenLoadsAsync(CancellationToken stop) =>
            OpenLoads.ReadAsync(_registry.Folder, _bookkeeping.CompleteLoadsAsync, context.Time.GetUtcNow(), stop);
        _upkeep = new(
            settings.Maintenance, lake.Glue, catalog, Database, new(OpenAsync, OpenLoadsAsync) { IsRepeated = true },
            new(OpenAsync, OpenLoadsAsync, context.Time) { MinSnapshots = LoadUpkeep.MinSnapshots }, new(context.Warn));
        var merges = new MergeRemoval(abandoned, _bookkeeping.CompleteLoadsAsync);
        _loadRemoval = new(_registry, lake.Objects, _locations.Dataset, abandoned, merges, _migrator.Partitions);
    }

    /// <summary>Name of the Glue database: the dataset's name after normalization.</summary>
    public string Database { get; }

    public string Location => _locations.Dataset.ToString();

    public string? LocalFolder => _lake.FolderOf(Location);

    public string? QueryName => Database;

    public QueryUsage Usage => _queries.Usage;

    public async Task<IHeldLease?> TakeLeaseAsync(LeaseHolder holder, bool waits, CancellationToken cancellationToken)
    {
        if (_readOnly.IsRefused) return null;
        var isForeign = await _foreign.CheckAsync(cancellationToken).ConfigureAwait(false);
        var held = await _lease.TakeAsync(holder, waits, isOfDataset: isForeign, cancellationToken).ConfigureAwait(false);
        if (held is not null) _folder.NoteBucket();   // the lease is an object in it
        return held;
    }

    public async Task<StoredState?> GetStoredStateAsync(CancellationToken cancellationToken) =>
        await _bookkeeping.StateAsync(_context.PipelineName, cancellationToken).ConfigureAwait(false);

    public Task<Schema?> GetStoredSchemaAsync(string name, CancellationToken cancellationToken) =>
        _bookkeeping.SchemaAsync(name, _capabilities.MaxIdentifierLength, cancellationToken);

    public Task<string?> HighestLoadIdAsync(CancellationToken cancellationToken) => _bookkeeping.HighestLoadIdAsync(cancellationToken);

    public async Task<bool> DatasetExistsAsync(CancellationToken cancellationToken) =>
        await _lake.Glue.GetDatabaseAsync(Database, cancellationToken).ConfigureAwait(false) is not null;

    public async Task CheckAsync(
        Schema schema, IReadOnlyCollection<TableSchema> tables, bool dropsTables, CancellationToken cancellationToken)
    {
        _readOnly.Check("extracted");
        await _foreign.CheckAsync(cancellationToken).ConfigureAwait(false);
        VerifySchema(schema, tables);
        await _folder.CheckBucketAsync(cancellationToken).ConfigureAwait(false);
        foreach (var table in dropsTables ? tables : []) _migrator.CheckDeclared(schema, table);   // they are made again
        await Task.WhenAll(
            _databaseName.CheckAsync(cancellationToken),
            _tags.CheckAsync(Database, cancellationToken),
            dropsTables ? Task.CompletedTask : _migrator.CheckStoredAsync(schema, tables, cancellationToken)).ConfigureAwait(false);
    }

    public void VerifySchema(Schema schema, IReadOnlyCollection<TableSchema> tables) => _schemaCheck.Check(schema, tables);

    public async Task<bool> IsLoadedAsync(string loadId, CancellationToken cancellationToken) =>
        (await _bookkeeping.SeenLoadsAsync(cancellationToken).ConfigureAwait(false)).Contains(loadId);

    public async Task<IReadOnlyList<string>> PrepareAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        _readOnly.Check("loaded, and the package waits");
        await _foreign.CheckAsync(cancellationToken).ConfigureAwait(false);
        await _folder.CheckBucketAsync(cancellationToken).ConfigureAwait(false);
        var load = _loads[plan.LoadId] = await _beginning.RunAsync(plan, cancellationToken).ConfigureAwait(false);
        await _otherNested.CheckAsync(plan, cancellationToken).ConfigureAwait(false);
        await _removal.RemoveAsync(plan, load, cancellationToken).ConfigureAwait(false);
        foreach (var chain in plan.Emptied) await load.PublishAsync(chain, cancellationToken).ConfigureAwait(false);
        if (_hiveReplacement.EmptiesFirst) await load.EmptyReplacedAsync(cancellationToken).ConfigureAwait(false);
        (var changed, load.Found) =
            await _migrator.MigrateAsync(plan.Schema, plan.Prepared, load.Found, cancellationToken).ConfigureAwait(false);
        await _tags.ApplyAsync(Database, cancellationToken).ConfigureAwait(false);
        await _folder.WriteMarkerAsync(cancellationToken).ConfigureAwait(false);
        var isNewVersion = plan.Dropped.IsEmpty
            ? await _writer.StoreSchemaAsync(plan.LoadId, plan.Schema, cancellationToken).ConfigureAwait(false)
            : await _writer.ReplaceSchemaAsync(plan.LoadId, plan.Schema, cancellationToken).ConfigureAwait(false);
        load.HasNewVersion = isNewVersion;
        Func<string, bool>? isStaged = load.SqlMerge is { } merge ? merge.Has : null;
        await _stagingPreparation.RunAsync(plan, load.Found, isNewVersion, isStaged, cancellationToken).ConfigureAwait(false);
        if (load.SqlMerge is not null) await load.SqlMerge.PrepareAsync(cancellationToken).ConfigureAwait(false);
        return changed;
    }

    public Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken) =>
        Load(job.LoadId).StagingOf(job.Table).StageAsync(job, cancellationToken);

    public Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken) =>
        Load(job.LoadId).StagingOf(job.Table).IsStagedAsync(job, cancellationToken);

    public async Task<IReadOnlyDictionary<string, PublishedRows>> PublishAsync(
        LoadPlan plan, TableChain chain, CancellationToken cancellationToken)
    {
        try
        {
            return await Load(plan.LoadId).PublishAsync(chain, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            foreach (var table in chain.Tables) _look.Forget(table.Table.Name);
        }
    }

    public Task RecordStagedAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken) =>
        _prepared.RecordAsync(loads, Load, cancellationToken);

    public async Task RecoverAsync(
        IReadOnlySet<string> kept, bool resets, Func<CancellationToken, Task> ensureLease, CancellationToken cancellationToken)
    {
        if (_readOnly.IsRefused) return;
        var recovery = new LoadRecovery(_registry, _context.PipelineName, _prepared, _loadRemoval, _context.Warn);
        await recovery.RunAsync(_bookkeeping.SeenLoadsAsync, kept, ensureLease, cancellationToken).ConfigureAwait(false);
        _refreshes = new(recovery.Refreshes, kept);
        if (!resets) _refreshes.Refuse(_context.PipelineName, _registry.Folder);
    }

    public async Task CommitAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken)
    {
        var earlier = await _bookkeeping.SeenRowsAsync(cancellationToken).ConfigureAwait(false);
        List<ActiveLoad> active = [.. loads.Select(l => _loads.GetValueOrDefault(l.LoadId)).OfType<ActiveLoad>()];
        foreach (var load in active) await load.Files.FinishAsync(cancellationToken).ConfigureAwait(false);
        await _writer.CompleteAsync(loads, cancellationToken).ConfigureAwait(false);
        foreach (var load in active)
            await _prepared.MarkCommittedAsync(load, cancellationToken).ConfigureAwait(false);
        if (_refreshes is not null) await _refreshes.EndAsync(loads, _registry.Folder, cancellationToken).ConfigureAwait(false);
        foreach (var plan in loads)
            await _limits.KeepAsync(_loads.GetValueOrDefault(plan.LoadId), plan, earlier, cancellationToken).ConfigureAwait(false);
    }

    public Task<RemovedLoad> RemoveLoadAsync(string loadId, CancellationToken cancellationToken)
    {
        _readOnly.Check("given up");
        return _loadRemoval.RemoveAsync(loadId, cancellationToken);
    }

    public async Task SettleAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        if (_loads.GetValueOrDefault(plan.LoadId) is { } load) await load.Unneeded.DeleteAsync(cancellationToken).ConfigureAwait(false);
        if (plan.Chains.Any(c => c.Mode.ReplacesAllRows))
        {
            var files = _loads.GetValueOrDefault(plan.LoadId)?.Files
                ?? await _registry.ResumeAsync(plan.LoadId, cancellationToken).ConfigureAwait(false);
            if (files is not null) await files.SweepAsync(cancellationToken).ConfigureAwait(false);
        }

        if (_sqlMerges?.Of(plan) is { } merge) await merge.SettleAsync(cancellationToken).ConfigureAwait(false);
        await _upkeep.RunAsync(plan, cancellationToken).ConfigureAwait(false);
        _loads.TryRemove(plan.LoadId, out _);   // last: a retry uses what this process knows of the load
    }

    public async ValueTask DisposeAsync()
    {
        _staging.Dispose();
        if (_ownsLake && _lake is IAsyncDisposable disposable) await disposable.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>The Iceberg tables of the account, whose files are read from a store.</summary>
    private GlueCatalog Catalog(IObjectStore objects) => new(_lake.Glue, objects, time: _context.Time)
    {
        DataFileReader = new ParquetDataFileReader(),
        Warn = _context.Warn,
        DefaultCodec = _fileCodec,
    };

    private ActiveLoad Load(string loadId) =>
        _loads.GetValueOrDefault(loadId) ?? throw new InvalidOperationException($"Load {loadId} was not prepared.");
}
