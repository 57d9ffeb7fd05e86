using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dlt.Configuration;
using Dlt.Destinations.Bookkeeping;
using Dlt.Destinations.Iceberg;
using Dlt.Destinations.Publishing;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Load;
using Dlt.Naming;
using Dlt.Packages;
using Dlt.Parquet.Reading;
using Dlt.Schemas;
using Dlt.Storage;
using Dlt.Types;
using Schema = Dlt.Schemas.Schema;
using SchemaJson = Dlt.Schemas.SchemaJson;

namespace Dlt.Destinations;

/// <summary>
/// One dataset: a Glue database and a folder of the bucket. Loading uses S3 and Glue only (spec/athena-destination.md 5; design 4.2).
/// </summary>
internal sealed partial class AthenaDataset : IDestinationClient
{
    private readonly AthenaSettings _settings;
    private readonly LakeAccount _lake;
    private readonly DestinationContext _context;
    private readonly bool _ownsLake;
    private readonly ObjectLocation _folder;
    private readonly TableCatalog _tables;
    private readonly IcebergTables _icebergTables;
    private readonly DestinationCapabilities _capabilities;
    private readonly BookkeepingTables _bookkeeping;
    private readonly BookkeepingReader _restore;
    private readonly LoadPublisher _publisher;
    private readonly TableRemoval _removal;
    private readonly StagingStateTable _stagingState;
    private readonly DatabaseName _databaseName;
    private bool _hasBucket;

    /// <summary>Loads that were prepared and are not settled yet: packages that are committed together are so at the same time.</summary>
    private readonly Dictionary<string, LoadPublishing> _loads = new(StringComparer.Ordinal);

    /// <summary>The tables as the load that was prepared last found them.</summary>
    private FoundTables _found = FoundTables.None;

    public AthenaDataset(AthenaSettings settings, LakeAccount lake, DestinationContext context, bool ownsLake)
    {
        _settings = settings;
        _lake = lake;
        _context = context;
        _ownsLake = ownsLake;
        Database = DatabaseName.Of(settings, context.DatasetName);
        _databaseName = new(lake.Glue, Database, context.DatasetName, context.Warn);
        _databaseName.TellChange();
        _folder = ObjectLocation.Parse(settings.BucketUrl).Combine(Database);
        _capabilities = settings.ForcesIceberg ? DestinationCapabilities.Athena with
        { PreferredTableFormat = "iceberg" } : DestinationCapabilities.Athena;
        var catalog = new GlueCatalog(lake.Glue, lake.Objects, time: context.Time)
        { DataFileReader = new ParquetDataFileReader(), Warn = context.Warn };
        _icebergTables = new(
            catalog, Database, table => IcebergLocationOf(settings, Database, table, NewLocationTag()), settings.TableProperties);
        _bookkeeping = new(
            lake.Objects, lake.Glue, catalog, _icebergTables, Database, table =>
                LocationOf(settings, Database, table), settings.ForcesIceberg);
        _tables = new(
            lake.Glue, Database, DestinationCapabilities.Athena, table => LocationOf(settings, Database, table), settings.DatabaseLocation)
        {
            Relocation = new(lake.Objects, table => LocationOf(settings, Database, table)),
            DatabaseParameters = DatabaseName.ParametersOf(context.DatasetName),
            IcebergTables = _icebergTables,
            Waits = new(context.Time, context.Warn),
            IsIceberg = (schema, table, stored) =>
                SystemTables.IsSystemTable(table.Name)
                    ? _bookkeeping.IsIceberg(table.Name, stored)
                    : _capabilities.IsIceberg(schema, table),
        };
        _restore = new(_bookkeeping);
        _publisher = new(lake.Objects, _folder, settings.Layout, _restore.CompleteLoadsAsync);
        _removal = new(_tables, ObjectLocation.Parse(settings.BucketUrl), context.Warn);
        _stagingState = new(lake.Glue, _tables, ObjectLocation.Parse(settings.BucketUrl), StagingName(settings, Database));
    }

    /// <summary>Name of the Glue database: the dataset's name under the naming convention.</summary>
    public string Database { get; }

    public string Location => _folder.ToString();

    public string? LocalFolder => _lake.FolderOf(Location);

    public string? QueryName => Database;

    public async Task<RemoteState?> RestoreStateAsync(CancellationToken cancellationToken) =>
        await _restore.StateAsync(_context.PipelineName, cancellationToken).ConfigureAwait(false);

    public Task<string?> HighestLoadIdAsync(CancellationToken cancellationToken) => _restore.HighestLoadIdAsync(cancellationToken);

    public async Task<bool> DatasetExistsAsync(CancellationToken cancellationToken) =>
        await _lake.Glue.GetDatabaseAsync(Database, cancellationToken).ConfigureAwait(false) is not null;

    public Task<Schema?> RestoreSchemaAsync(string name, CancellationToken cancellationToken) =>
        _restore.SchemaAsync(name, DestinationCapabilities.Athena.MaxIdentifierLength, cancellationToken);

    public async Task CheckAsync(Schema schema, IReadOnlyCollection<TableSchema> tables, bool dropsTables,
        CancellationToken cancellationToken)
    {
        Verify(schema, tables);
        await CheckBucketAsync(cancellationToken).ConfigureAwait(false);
        await _databaseName.CheckAsync(cancellationToken).ConfigureAwait(false);
        if (!dropsTables) await _tables.CheckStoredAsync(schema, tables, cancellationToken).ConfigureAwait(false);
    }

    public void Verify(Schema schema, IReadOnlyCollection<TableSchema> tables)
    {
        if (SchemaVerification.Verify(schema, tables, DestinationCapabilities.Athena) is [var problem, ..]) throw problem;
        ReplaceStrategy.Check(_settings.ReplaceStrategy, schema, tables, table => _capabilities.IsIceberg(schema, table));
        TableNames.Check(schema, tables);
        foreach (var table in tables) DeclaredTypes.Check(schema, table, _capabilities.IsIceberg(schema, table));
    }

    public async Task<bool> IsLoadedAsync(string loadId, CancellationToken cancellationToken) =>
        (await _restore.CompleteLoadsAsync(cancellationToken).ConfigureAwait(false)).Contains(loadId);

    public async Task<IReadOnlyList<string>> PrepareAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        var schema = plan.Schema;
        await CheckBucketAsync(cancellationToken).ConfigureAwait(false);
        var dropped = plan.Dropped.Select(t => t.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        _found = await _tables.CheckAsync(
            schema, plan.Prepared.Where(t => !dropped.Contains(t.Name)), [.. plan.Dropped, .. plan.Truncated], cancellationToken)
                .ConfigureAwait(false);
        var load = await _publisher.BeginAsync(plan, table => !IsIceberg(schema, table), cancellationToken).ConfigureAwait(false);
        _loads[plan.LoadId] = load;
        await DropAsync(plan, load, cancellationToken).ConfigureAwait(false);
        foreach (var table in plan.Truncated) await TruncateAsync(table, schema, load, cancellationToken).ConfigureAwait(false);
        (var changed, _found) = await _tables.MigrateAsync(schema, plan.Prepared, _found, cancellationToken).ConfigureAwait(false);
        await WriteMarkerAsync(cancellationToken).ConfigureAwait(false);
        await WriteVersionAsync(plan.LoadId, schema, cancellationToken).ConfigureAwait(false);
        if (schema.TryGetTable(schema.Naming.NormalizeTableIdentifier(SystemTables.PipelineState), out var state)
            && IsIceberg(schema, state.Name))
            await _stagingState.CreateAsync(state, cancellationToken).ConfigureAwait(false);
        return changed;
    }

    public async Task<bool> IsUploadedAsync(LoadJob job, Schema schema, CancellationToken cancellationToken) =>
        IsIceberg(schema, job.Table.Name)
            || await Load(job.LoadId).IsThereAsync(_publisher.KeyOf(job), job.FilePath, cancellationToken)
                .ConfigureAwait(false);

    public async Task UploadAsync(LoadJob job, Schema schema, CancellationToken cancellationToken)
    {
        if (IsIceberg(schema, job.Table.Name) || Load(job.LoadId).IsSuperseded(job.Table.Name)) return;
        await Load(job.LoadId).UploadAsync(_publisher.KeyOf(job), job.FilePath, cancellationToken).ConfigureAwait(false);
    }

    public async Task<long?> PublishAsync(
        TableSchema table, Schema schema, string loadId, IReadOnlyCollection<LoadJob> jobs, bool replaces,
            CancellationToken cancellationToken)
    {
        var load = Load(loadId);
        if (IsIceberg(schema, table.Name))
        {
            var stored = _found.IcebergOf(table.Name) ?? throw new InvalidOperationException($"Table '{table.Name}' was not prepared.");
            var files = jobs.Select(j => (j.FilePath, $"{loadId}.{j.Name.FileId}.parquet")).ToList();
            return await load.Iceberg(_context.Warn).PublishAsync(table, stored, files, replaces, cancellationToken).ConfigureAwait(false);
        }

        if (replaces) await load.ReplaceAsync(table.Name, cancellationToken).ConfigureAwait(false);
        return await load.RowsAsync(table.Name, jobs.Select(j => (_publisher.KeyOf(j), j.FilePath)), cancellationToken)
            .ConfigureAwait(false);
    }

    public async Task SettleAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        var replaced = plan.Tables.Where(t => t.Replaces).Select(t => t.Table.Name).ToList();
        _loads.Remove(plan.LoadId, out var begun);
        if (replaced.Count == 0) return;
        var load = begun ?? await _publisher.ResumeAsync(plan.LoadId, cancellationToken).ConfigureAwait(false);
        if (load is not null) await load.SweepAsync([.. replaced.Where(t => !IsIceberg(plan.Schema, t))], cancellationToken)
            .ConfigureAwait(false);
    }

    private LoadPublishing Load(string loadId) =>
        _loads.GetValueOrDefault(loadId) ?? throw new InvalidOperationException($"Load {loadId} was not prepared.");

    private async Task DropAsync(LoadPlan plan, LoadPublishing load, CancellationToken cancellationToken)
    {
        if (plan.Dropped.IsEmpty) return;
        foreach (var name in plan.Dropped.Select(t => t.Name))
            await _removal.RemoveAsync(name, _found, load, _publisher.FolderOf(name), cancellationToken).ConfigureAwait(false);
        _found = _found.Without(plan.Dropped.Select(t => t.Name));
        var versions = await _bookkeeping.OpenAsync(SystemTables.Version, cancellationToken).ConfigureAwait(false);
        await versions.RemoveAsync("schema_name", plan.Schema.Name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A table that is not there has nothing to be emptied.</summary>
    private async Task TruncateAsync(TableSchema table, Schema schema, LoadPublishing load, CancellationToken cancellationToken)
    {
        if (!IsIceberg(schema, table.Name))
            await load.TruncateAsync(table.Name, _publisher.FolderOf(table.Name), cancellationToken).ConfigureAwait(false);
        else if (_found.IcebergOf(table.Name) is { } stored)
            _found = _found.With(table.Name, await load.Iceberg(_context.Warn).TruncateAsync(stored, cancellationToken)
                .ConfigureAwait(false));
    }

    /// <summary>A table of bookkeeping that is there keeps its format; that of the state is the one that jobs are loaded into.</summary>
    private bool IsIceberg(Schema schema, string table) => SystemTables.IsSystemTable(table)
        ? _bookkeeping.IsIceberg(table, _found.Of(table))
        : schema.TryGetTable(table, out var known) ? _capabilities.IsIceberg(schema, known) : _found.Of(table)?.IsIceberg == true;

    public async Task CommitAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken)
    {
        var schema = loads[0].Schema;
        var table = schema.Table(schema.Naming.NormalizeTableIdentifier(SystemTables.Loads));
        var stored = await _bookkeeping.OpenAsync(table.Name, cancellationToken).ConfigureAwait(false);
        await stored.AppendOnceAsync(table, [.. loads.Select(RowOf)], cancellationToken).ConfigureAwait(false);
    }

    private BookkeepingEntry RowOf(LoadPlan load) => new(load.LoadId, load.Schema.Name,
    [
        ("load_id", BookkeepingRow.Text(load.LoadId)),
        ("schema_name", BookkeepingRow.Text(load.Schema.Name)),
        ("status", BookkeepingRow.Integer(0)),
        ("inserted_at", BookkeepingRow.Time(_context.Time.GetUtcNow())),
        ("schema_version_hash", BookkeepingRow.Text(load.Schema.VersionHash!)),
    ]);

    public async ValueTask DisposeAsync()
    {
        if (_ownsLake && _lake is IAsyncDisposable disposable) await disposable.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Once in a run, before anything is made in the catalog: a table whose bucket is not there would have to be removed by hand.
    /// </summary>
    private async Task CheckBucketAsync(CancellationToken cancellationToken)
    {
        if (_hasBucket) return;
        _hasBucket = await _lake.Objects.BucketExistsAsync(_folder.Bucket, cancellationToken).ConfigureAwait(false);
        if (!_hasBucket) throw new BucketNotFoundException(_folder.Bucket);
    }

    /// <summary>Name of the staging dataset's database.</summary>
    private static string StagingName(AthenaSettings settings, string database)
    {
        var name = DatabaseName.Normalized(settings, StagingStateTable.NameOf(settings.StagingDatasetNameLayout, database));
        FileNameComponent.CheckPathPart(name, "staging dataset name, from destination.athena.staging_dataset_name_layout,");
        return name;
    }

    /// <summary>The folder of a table, with a slash at its end.</summary>
    public static string LocationOf(AthenaSettings settings, string database, string table) =>
        ObjectLocation.Parse(settings.BucketUrl).Combine(database).Combine(settings.Layout.TablePrefix(table)).ToString();

    /// <summary>The folder of a new Iceberg table, without a slash at its end.</summary>
    /// <exception cref="ConfigurationException">The layout has a placeholder that is not known.</exception>
    public static string IcebergLocationOf(AthenaSettings settings, string database, string table, string tag)
    {
        if (settings.TableLocationLayout == AthenaSettings.DefaultTableLocationLayout)
            return LocationOf(settings, database, table).TrimEnd('/');
        var path = Placeholder().Replace(settings.TableLocationLayout, match => match.Groups[1].Value switch
        {
            "dataset_name" => database,
            "table_name" => TableFolder.Of(table),
            "location_tag" => tag,
            var other =>
                throw new ConfigurationException(
                    $"table_location_layout has the placeholder '{{{other}}}'. There are {{dataset_name}}, {{table_name}} and "
                    + "{{location_tag}}. Nothing was run.") { Fields = ["table_location_layout"] },
        });
        return ObjectLocation.Parse(settings.BucketUrl).Combine(path).ToString().TrimEnd('/');
    }

    private static string NewLocationTag() => Guid.NewGuid().ToString("N")[..12];

    [System.Text.RegularExpressions.GeneratedRegex(@"\{(\w*)\}")]
    private static partial System.Text.RegularExpressions.Regex Placeholder();

    /// <summary>The marker that dlt's file store looks for (spec/athena-destination.md 2.7).</summary>
    private async Task WriteMarkerAsync(CancellationToken cancellationToken)
    {
        var marker = _folder.Combine("init");
        if (await _lake.Objects.HeadAsync(marker, cancellationToken).ConfigureAwait(false) is null)
            await _lake.Objects.PutAsync(
                marker, "{\"initial_version\":2,\"current_version\":2}"u8.ToArray(), cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
    }

    /// <summary>One row per content of a schema.</summary>
    private async Task WriteVersionAsync(string loadId, Schema schema, CancellationToken cancellationToken)
    {
        var table = schema.Table(schema.Naming.NormalizeTableIdentifier(SystemTables.Version));
        var identity = $"{schema.Name} {schema.VersionHash}";
        var versions = await _bookkeeping.OpenAsync(table.Name, cancellationToken).ConfigureAwait(false);
        if (await versions.ContainsAsync(
            identity, r =>
                (string?)r["schema_name"] == schema.Name && (string?)r["version_hash"] == schema.VersionHash, cancellationToken)
                    .ConfigureAwait(false)) return;
        (string, DataValue)[] row =
        [
            ("version", BookkeepingRow.Integer(schema.Version)),
            ("engine_version", BookkeepingRow.Integer(Schema.EngineVersion)),
            ("inserted_at", BookkeepingRow.Time(_context.Time.GetUtcNow())),
            ("schema_name", BookkeepingRow.Text(schema.Name)),
            ("version_hash", BookkeepingRow.Text(schema.VersionHash!)),
            ("schema", BookkeepingRow.Text(SchemaJson.ToStoredText(schema, DestinationCapabilities.Athena.MaxTextDataTypeLength))),
        ];
        await versions.AppendOnceAsync(table, [new(loadId, identity, row)], cancellationToken).ConfigureAwait(false);
    }
}
