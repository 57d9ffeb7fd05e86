using Dlt.Configuration;
using Dlt.Destinations.Bookkeeping;
using Dlt.Destinations.Iceberg;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Naming;
using Dlt.Packages;
using Dlt.Parquet.Reading;
using Dlt.Schemas;
using Dlt.Storage;
using Dlt.Types;
using Schema = Dlt.Schemas.Schema;
using SchemaJson = Dlt.Schemas.SchemaJson;

namespace Dlt.Destinations;

/// <summary>One dataset: a Glue database and a folder of the bucket. Loading uses S3 and Glue only (spec/athena-destination.md 5; design 4.2).</summary>
internal sealed partial class AthenaDataset : IDestinationClient
{
    private readonly AthenaSettings _settings;
    private readonly LakeAccount _lake;
    private readonly DestinationContext _context;
    private readonly bool _ownsLake;
    private readonly ObjectLocation _folder;
    private readonly TableCatalog _tables;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, bool> _systemFormats = new(StringComparer.Ordinal);
    private readonly IcebergTables _icebergTables;
    private readonly DestinationCapabilities _capabilities;
    private readonly BookkeepingTables _bookkeeping;
    private readonly BookkeepingReader _restore;

    public AthenaDataset(AthenaSettings settings, LakeAccount lake, DestinationContext context, bool ownsLake)
    {
        _settings = settings;
        _lake = lake;
        _context = context;
        _ownsLake = ownsLake;
        Database = DatabaseName(settings, context);
        _folder = ObjectLocation.Parse(settings.BucketUrl).Combine(Database);
        _capabilities = settings.ForcesIceberg ? DestinationCapabilities.Athena with { PreferredTableFormat = "iceberg" } : DestinationCapabilities.Athena;
        var catalog = new GlueCatalog(lake.Glue, lake.Objects, time: context.Time) { DataFileReader = new ParquetDataFileReader(), Warn = context.Warn };
        _icebergTables = new(catalog, Database, table => IcebergLocationOf(settings, Database, table, NewLocationTag()), settings.TableProperties);
        _bookkeeping = new(lake.Objects, lake.Glue, catalog, _icebergTables, Database, table => LocationOf(settings, Database, table), settings.ForcesIceberg);
        _tables = new(lake.Glue, Database, DestinationCapabilities.Athena, table => LocationOf(settings, Database, table), settings.DatabaseLocation)
        {
            IcebergTables = _icebergTables,
            IsIceberg = (schema, table, stored) => SystemTables.IsSystemTable(table.Name) ? _bookkeeping.IsIceberg(table.Name, stored) : _capabilities.IsIceberg(schema, table),
        };
        _restore = new(_bookkeeping);
    }

    /// <summary>Name of the Glue database: the dataset's name under the naming convention.</summary>
    public string Database { get; }

    public string Location => _folder.ToString();

    public async Task<RemoteState?> RestoreStateAsync(CancellationToken cancellationToken) =>
        await _restore.StateAsync(_context.PipelineName, cancellationToken).ConfigureAwait(false);

    public async Task<bool> DatasetExistsAsync(CancellationToken cancellationToken) =>
        await _lake.Glue.GetDatabaseAsync(Database, cancellationToken).ConfigureAwait(false) is not null;

    public Task<Schema?> RestoreSchemaAsync(string name, CancellationToken cancellationToken) =>
        _restore.SchemaAsync(name, DestinationCapabilities.Athena.MaxIdentifierLength, cancellationToken);

    public void Verify(Schema schema, IReadOnlyCollection<TableSchema> tables)
    {
        if (SchemaVerification.Verify(schema, tables, DestinationCapabilities.Athena) is [var problem, ..]) throw problem;
        foreach (var table in tables)
        {
            if (_capabilities.IsIceberg(schema, table) && schema.Inherited(table, "write_disposition") == "merge")
                throw new SchemaException($"Table '{table.Name}' is an Iceberg table with the disposition merge, which is not done yet. Nothing of the package was loaded. Use append or replace.") { Table = table.Name };
            foreach (var column in table.CompleteColumns)
            {
                if (column.DataType == DataType.Time)
                {
                    throw new SchemaException(
                        $"Column '{table.Name}.{column.Name}' has the type time, which Athena cannot read from Parquet. Nothing of the package was loaded. Convert it to text or to a timestamp in the resource.") { Table = table.Name, Column = column.Name };
                }

                if (column is { DataType: DataType.Decimal, Precision: > Columns.ColumnType.MaxPrecision } or { DataType: DataType.Bigint, Precision: > 64 })
                {
                    throw new SchemaException(
                        $"Column '{table.Name}.{column.Name}' is declared as {column.DataType.Name()}({column.Precision}), which Athena does not have. Nothing of the package was loaded. Use at most 38 digits, or 64 bits.") { Table = table.Name, Column = column.Name };
                }
            }
        }
    }

    public async Task<IReadOnlyList<string>> PrepareAsync(string loadId, Schema schema, IReadOnlyCollection<TableSchema> tables, CancellationToken cancellationToken)
    {
        var changed = await _tables.MigrateAsync(schema, tables, cancellationToken).ConfigureAwait(false);
        await WriteMarkerAsync(cancellationToken).ConfigureAwait(false);
        await WriteVersionAsync(loadId, schema, cancellationToken).ConfigureAwait(false);
        return changed;
    }

    public async Task DropAsync(string schemaName, IReadOnlyCollection<TableSchema> tables, CancellationToken cancellationToken)
    {
        foreach (var table in tables)
        {
            await _tables.DropAsync(table.Name, cancellationToken).ConfigureAwait(false);
            await KeepOnlyAsync(table, [], cancellationToken).ConfigureAwait(false);
        }

        var versions = await _bookkeeping.OpenAsync(SystemTables.Version, cancellationToken).ConfigureAwait(false);
        await versions.RemoveAsync("schema_name", schemaName, cancellationToken).ConfigureAwait(false);
    }

    public async Task UploadAsync(LoadJob job, Schema schema, CancellationToken cancellationToken)
    {
        if (!await IsIcebergAsync(schema, job.Table, cancellationToken).ConfigureAwait(false)) await _lake.Objects.UploadAsync(KeyOf(job), job.FilePath, cancellationToken).ConfigureAwait(false);
    }

    public async Task PublishAsync(TableSchema table, Schema schema, string loadId, IReadOnlyCollection<LoadJob> jobs, bool replaces, CancellationToken cancellationToken)
    {
        if (await IsIcebergAsync(schema, table, cancellationToken).ConfigureAwait(false)) await _icebergTables.CommitAsync(table, loadId, [.. jobs.Select(j => (j.FilePath, $"{loadId}.{j.Name.FileId}.parquet"))], replaces, cancellationToken).ConfigureAwait(false);
        else if (replaces) await KeepOnlyAsync(table, jobs, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes all files of a table but those of these jobs.</summary>
    private async Task KeepOnlyAsync(TableSchema table, IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken)
    {
        var keep = jobs.Select(j => KeyOf(j).Key).ToHashSet(StringComparer.Ordinal);
        var folder = _folder.Combine(_settings.Layout.TablePrefix(table.Name));
        var old = new List<string>();
        await foreach (var found in _lake.Objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
            if (!keep.Contains(found.Location.Key)) old.Add(found.Location.Key);
        if (old.Count > 0) await _lake.Objects.DeleteAsync(folder.Bucket, old, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A table of bookkeeping that is there keeps its format; that of the state is the one that jobs are loaded into.</summary>
    private async Task<bool> IsIcebergAsync(Schema schema, TableSchema table, CancellationToken cancellationToken)
    {
        if (!SystemTables.IsSystemTable(table.Name)) return _capabilities.IsIceberg(schema, table);
        if (_systemFormats.TryGetValue(table.Name, out var known)) return known;
        return _systemFormats[table.Name] = _bookkeeping.IsIceberg(table.Name, await _lake.Glue.GetTableAsync(Database, table.Name, cancellationToken).ConfigureAwait(false));
    }

    public async Task CommitAsync(string loadId, Schema schema, CancellationToken cancellationToken)
    {
        var table = schema.Table(schema.Naming.NormalizeTableIdentifier(SystemTables.Loads));
        var loads = await _bookkeeping.OpenAsync(table.Name, cancellationToken).ConfigureAwait(false);
        (string, DataValue)[] row =
        [
            ("load_id", BookkeepingRow.Text(loadId)),
            ("schema_name", BookkeepingRow.Text(schema.Name)),
            ("status", BookkeepingRow.Integer(0)),
            ("inserted_at", BookkeepingRow.Time(_context.Time.GetUtcNow())),
            ("schema_version_hash", BookkeepingRow.Text(schema.VersionHash!)),
        ];
        await loads.AppendOnceAsync(table, loadId, schema.Name, row, cancellationToken).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        if (_ownsLake && _lake is IAsyncDisposable disposable) await disposable.DisposeAsync().ConfigureAwait(false);
    }

    public static string DatabaseName(AthenaSettings settings, DestinationContext context)
    {
        var name = settings.NormalizesDatasetName
            ? NamingConvention.Create("snake_case", DestinationCapabilities.Athena.MaxIdentifierLength).NormalizeTableIdentifier(context.DatasetName)
            : context.DatasetName.ToLowerInvariant();
        if (name != context.DatasetName) context.Warn($"The dataset name '{context.DatasetName}' becomes '{name}'.");
        return name;
    }

    /// <summary>The folder of a table, with a slash at its end.</summary>
    public static string LocationOf(AthenaSettings settings, string database, string table) =>
        ObjectLocation.Parse(settings.BucketUrl).Combine(database).Combine(settings.Layout.TablePrefix(table)).ToString();

    /// <summary>The folder of a new Iceberg table, without a slash at its end.</summary>
    /// <exception cref="ConfigurationException">The layout has a placeholder that is not known.</exception>
    public static string IcebergLocationOf(AthenaSettings settings, string database, string table, string tag)
    {
        if (settings.TableLocationLayout == AthenaSettings.DefaultTableLocationLayout) return LocationOf(settings, database, table).TrimEnd('/');
        var path = Placeholder().Replace(settings.TableLocationLayout, match => match.Groups[1].Value switch
        {
            "dataset_name" => database,
            "table_name" => table,
            "location_tag" => tag,
            var other => throw new ConfigurationException($"table_location_layout has the placeholder '{{{other}}}'. There are {{dataset_name}}, {{table_name}} and {{location_tag}}. Nothing was run.") { Fields = ["table_location_layout"] },
        });
        return ObjectLocation.Parse(settings.BucketUrl).Combine(path).ToString().TrimEnd('/');
    }

    private static string NewLocationTag() => Guid.NewGuid().ToString("N")[..12];

    [System.Text.RegularExpressions.GeneratedRegex(@"\{(\w*)\}")]
    private static partial System.Text.RegularExpressions.Regex Placeholder();

    private ObjectLocation KeyOf(LoadJob job)
    {
        var name = job.Name with { Table = job.Table.Name, RetryCount = 0 };
        return _folder.Combine(_settings.Layout.PathOf(name, job.SchemaName, job.LoadId, LoadId.ToTime(job.LoadId)));
    }

    /// <summary>The marker that dlt's file store looks for (spec/athena-destination.md 2.7).</summary>
    private async Task WriteMarkerAsync(CancellationToken cancellationToken)
    {
        var marker = _folder.Combine("init");
        if (await _lake.Objects.HeadAsync(marker, cancellationToken).ConfigureAwait(false) is null)
            await _lake.Objects.PutAsync(marker, "{\"initial_version\":2,\"current_version\":2}"u8.ToArray(), cancellationToken: cancellationToken).ConfigureAwait(false);
    }

    /// <summary>One row per content of a schema.</summary>
    private async Task WriteVersionAsync(string loadId, Schema schema, CancellationToken cancellationToken)
    {
        var table = schema.Table(schema.Naming.NormalizeTableIdentifier(SystemTables.Version));
        var identity = $"{schema.Name} {schema.VersionHash}";
        var versions = await _bookkeeping.OpenAsync(table.Name, cancellationToken).ConfigureAwait(false);
        if (await versions.ContainsAsync(identity, r => (string?)r["schema_name"] == schema.Name && (string?)r["version_hash"] == schema.VersionHash, cancellationToken).ConfigureAwait(false)) return;
        (string, DataValue)[] row =
        [
            ("version", BookkeepingRow.Integer(schema.Version)),
            ("engine_version", BookkeepingRow.Integer(Schema.EngineVersion)),
            ("inserted_at", BookkeepingRow.Time(_context.Time.GetUtcNow())),
            ("schema_name", BookkeepingRow.Text(schema.Name)),
            ("version_hash", BookkeepingRow.Text(schema.VersionHash!)),
            ("schema", BookkeepingRow.Text(SchemaJson.ToStoredText(schema, DestinationCapabilities.Athena.MaxTextDataTypeLength))),
        ];
        await versions.AppendOnceAsync(table, loadId, identity, row, cancellationToken).ConfigureAwait(false);
    }
}
