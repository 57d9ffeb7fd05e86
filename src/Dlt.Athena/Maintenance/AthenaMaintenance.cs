using Dlt.Aws;
using Dlt.Configuration;
using Dlt.Destinations;
using Dlt.Destinations.Bookkeeping;
using Dlt.Destinations.Catalogs;
using Dlt.Destinations.Leases;
using Dlt.Destinations.Maintenance;
using Dlt.Destinations.Settings;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using Dlt.Storage;

namespace Dlt;

/// <summary>
/// Looks at whole datasets, drops them, removes what dead loads have left in them, and keeps their tables small. With
/// <c>ddl = "athena"</c>, Athena drops the databases; otherwise no query is run.
/// </summary>
/// <remarks>Holds connections until it is disposed.</remarks>
public sealed partial class AthenaMaintenance : IAsyncDisposable
{
    private readonly AthenaSettings _settings;
    private readonly LakeAccount _lake;
    private readonly bool _ownsLake;
    private readonly Action<string> _warn;
    private readonly TimeProvider _time;

    private AthenaMaintenance(AthenaSettings settings, LakeAccount lake, bool ownsLake, Action<string> warn, TimeProvider time) =>
        (_settings, _lake, _ownsLake, _warn, _time) = (settings, lake, ownsLake, warn, time);

    /// <summary>Opens the destination that the settings name. No service is called.</summary>
    /// <param name="account">An in-process account; null for AWS.</param>
    /// <param name="configuration">The configuration; null to load that of the current folder.</param>
    /// <param name="destination">Name of the destination; null for that of the setting <c>destination_name</c>, else <c>athena</c>.</param>
    /// <param name="options">Settings that win over the configuration; null for none.</param>
    /// <param name="warn">Receives warnings, each one or more sentences for the user; null for none.</param>
    /// <param name="time">The clock that ages are counted with; null for that of the system.</param>
    /// <exception cref="ConfigurationException">A setting is missing or malformed.</exception>
    public static AthenaMaintenance Open(
        LakeAccount? account = null, DltConfiguration? configuration = null, string? destination = null, AthenaOptions? options = null,
        Action<string>? warn = null, TimeProvider? time = null)
    {
        var reader = new AthenaQuerySettings(configuration, destination, options);
        var settings = reader.Resolve(isLocal: account is not null);
        settings.Refused.Check(Stops.Loads);
        if (account is not null) settings = settings with { BucketUrl = account.BucketUrl };
        var lake = account ?? AwsAccount.Open(settings.ToAccountOptions());
        return new(settings, lake, ownsLake: account is null, warn ?? (_ => { }), time ?? TimeProvider.System);
    }

    /// <summary>
    /// Lists what a dataset has: tables, and the number of its objects, also in its staging database if no other dataset uses that; and
    /// tables of other databases that have files in its folder. For the last, all tables of the catalog are read; a warning names those
    /// that cannot be.
    /// </summary>
    /// <param name="dataset">The dataset's name in the pipeline.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    public async Task<DatasetContent> FindAsync(string dataset, CancellationToken cancellationToken = default)
    {
        var database = DatabaseName.Of(_settings, dataset);
        var staging = DatabaseName.Normalized(_settings, StagingStateTable.NameOf(_settings.StagingDatasetNameLayout, database));
        var found = new List<DatabaseContent>();
        foreach (var name in new[] { database, staging }.Distinct())
        {
            if (name != database && await IsUsedByOthersAsync(name, cancellationToken).ConfigureAwait(false)) continue;
            var content = await ContentAsync(name, cancellationToken).ConfigureAwait(false);
            if (content.Exists || content.Objects > 0) found.Add(content);
        }

        return new(dataset, [.. await WithOthersAsync(found, database, cancellationToken).ConfigureAwait(false)]);
    }

    /// <summary>
    /// Drops a dataset: its databases with their tables, then all objects in their folders. A call that was interrupted is repeated as a
    /// whole. Pipelines that load into the dataset start from the beginning at their next run.
    /// </summary>
    /// <param name="content">What <see cref="FindAsync"/> returned. Files outside the folders stay.</param>
    /// <param name="isForced">True to delete files of tables of other databases too.</param>
    /// <param name="cancellationToken">Stops the calls; part of the dataset may be gone.</param>
    /// <exception cref="ConfigurationException">The destination is read only. Nothing was dropped.</exception>
    /// <exception cref="DltException">
    /// A pipeline is loading into the dataset, or tables of other databases have files in the folders. Nothing was dropped.
    /// </exception>
    public async Task DropAsync(DatasetContent content, bool isForced = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        new ReadOnlyRefusal(_settings.IsReadOnly).Check("dropped");
        if (!isForced && content.Databases.FirstOrDefault(d => !d.OtherTables.IsDefaultOrEmpty) is { } shared)
        {
            throw new DltException(
                $"Tables of other databases have files in {shared.Location}: {string.Join(", ", shared.OtherTables)}. Nothing was dropped. "
                + "Move those files or drop those tables, or repeat with --force to delete their files too.");
        }

        foreach (var database in content.Databases)
            await new LiveLeases(_lake.Objects, ObjectLocation.Parse(database.Location)).CheckAsync("dropped", cancellationToken)
                .ConfigureAwait(false);
        foreach (var database in content.Databases)
        {
            await DropDatabaseAsync(database.Name, cancellationToken).ConfigureAwait(false);
            await DeleteAsync(ObjectLocation.Parse(database.Location), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Finds what loads that did not end have left in a dataset: unreferenced files of Iceberg tables, files of external tables without a
    /// complete load, records of loads, unfinished uploads. Nothing is changed.
    /// </summary>
    /// <param name="dataset">The dataset's name in the pipeline.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <returns>The objects, of any age, in the order of their locations.</returns>
    /// <exception cref="DltException">The dataset has neither a database nor files, nor unfinished uploads.</exception>
    public async Task<IReadOnlyList<OrphanFile>> FindOrphansAsync(string dataset, CancellationToken cancellationToken = default)
    {
        var database = DatabaseName.Of(_settings, dataset);
        var locations = new DatasetLocations(_settings, database);
        var catalog = Catalog;
        var completeLoads = BookkeepingOf(database, locations, catalog).CompleteLoadsAsync;
        var search = new OrphanSearch(_lake, catalog, database, locations.Dataset, _settings.Layout, completeLoads, _warn);
        var found = await search.RunAsync(_time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        // A first load that died may have left an upload and nothing else.
        if (found.Count == 0) await CheckExistsAsync(dataset, database, locations.Dataset, cancellationToken).ConfigureAwait(false);
        return found;
    }

    /// <summary>Removes what dead loads have left.</summary>
    /// <param name="orphans">What <see cref="FindOrphansAsync"/> returned; those that a load may still need stay.</param>
    /// <param name="minAge">Younger objects stay, because a load may be writing them.</param>
    /// <param name="cancellationToken">Stops the calls; some objects may be gone.</param>
    /// <returns>The objects that were removed.</returns>
    /// <exception cref="ConfigurationException">The destination is read only. Nothing was removed.</exception>
    public async Task<IReadOnlyList<OrphanFile>> RemoveAsync(
        IEnumerable<OrphanFile> orphans, TimeSpan minAge, CancellationToken cancellationToken = default)
    {
        new ReadOnlyRefusal(_settings.IsReadOnly).Check("removed");
        var limit = _time.GetUtcNow() - minAge;
        var removed = orphans.Where(o => o.IsDead && o.LastModified <= limit).ToList();
        foreach (var upload in removed.Where(o => o.Kind == OrphanKind.Upload))
        {
            if (_lake is AwsAccount aws)
                await aws.Uploads.AbortAsync(
                    new(ObjectLocation.Parse(upload.Location), upload.UploadId!, upload.LastModified), cancellationToken)
                    .ConfigureAwait(false);
        }

        var objects = removed.Where(o => o.Kind != OrphanKind.Upload).OrderBy(o => o.Kind == OrphanKind.PublishObject)
            .Select(o => ObjectLocation.Parse(o.Location)).GroupBy(o => o.Bucket);
        foreach (var bucket in objects)
            await _lake.Objects.DeleteAsync(bucket.Key, [.. bucket.Select(o => o.Key)], cancellationToken).ConfigureAwait(false);
        return removed;
    }

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _ownsLake && _lake is IAsyncDisposable opened ? opened.DisposeAsync() : default;

    private GlueCatalog Catalog => new(_lake.Glue, _lake.Objects, time: _time) { DataFileReader = new ParquetDataFileReader() };

    private BookkeepingReader BookkeepingOf(string database, DatasetLocations locations, GlueCatalog catalog)
    {
        var foreign = new ForeignCatalog(_lake.Glue, _settings);
        var formats = new TableFormats(_settings.Capabilities, _settings.ForceIceberg, foreign);
        var ddl = TableDdl.Of(_settings, _lake.Athena, _lake.Glue, catalog, foreign);
        var tables = new IcebergTables(catalog, database, locations.OfNewIceberg, _settings.TableProperties, ddl);
        var bookkeeping = new BookkeepingTables(
            _lake.Objects, new(_lake.Glue, database, _time), catalog, tables, database, locations.Of, formats)
        { Failures = new(_warn) };
        return new(bookkeeping);
    }

    /// <summary>
    /// True when a staging database is not of the dataset alone: all datasets have the same one, or it is a dataset into which loads went
    /// (Python dlt writes no loads into a staging dataset).
    /// </summary>
    private async Task<bool> IsUsedByOthersAsync(string staging, CancellationToken cancellationToken)
    {
        if (!_settings.StagingDatasetNameLayout.Contains("%s", StringComparison.Ordinal)) return true;
        var bookkeeping = BookkeepingOf(staging, new(_settings, staging), Catalog);
        var loads = await bookkeeping.CompleteLoadsAsync(cancellationToken).ConfigureAwait(false);
        return loads.Count > 0;
    }

    private async Task<DatabaseContent> ContentAsync(string database, CancellationToken cancellationToken)
    {
        var folder = new DatasetLocations(_settings, database).Dataset.Combine("/");
        var tables = new List<TableContent>();
        await foreach (var table in _lake.Glue.GetTablesAsync(database, cancellationToken).ConfigureAwait(false))
        {
            var isInside = table.Location.Length == 0 || table.Location.StartsWith(folder.ToString(), StringComparison.Ordinal);
            tables.Add(new(table.Name, table.Location, table.IsIceberg, isInside));
        }

        long count = 0, bytes = 0;
        await foreach (var found in _lake.Objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
            (count, bytes) = (count + 1, bytes + found.Size);
        var exists = tables.Count > 0
            || await _lake.Glue.GetDatabaseAsync(database, cancellationToken).ConfigureAwait(false) is not null;
        return new()
        {
            Name = database,
            Exists = exists,
            Location = folder.ToString(),
            Tables = [.. tables],
            Objects = count,
            SizeBytes = bytes,
        };
    }

    /// <summary>Adds the tables of other databases that have files in the folders.</summary>
    private async Task<List<DatabaseContent>> WithOthersAsync(
        List<DatabaseContent> found, string database, CancellationToken cancellationToken)
    {
        if (found.TrueForAll(d => d.Objects == 0)) return found;
        var catalog = new CatalogFiles(_lake.Glue, Catalog, database);
        var used = await catalog.UsedAsync(cancellationToken).ConfigureAwait(false);
        if (catalog.Unknown is { } why)
            _warn($"Tables of other databases may have files in the folder of the dataset, which a drop deletes. {why}");
        return found.ConvertAll(d => d with
        {
            OtherTables = [.. used.Where(t => !found.Exists(f => f.Name == t.Database) && t.IsIn(UsedFiles.FolderOf(d.Location)))
                .Select(t => $"{t.Database}.{t.Name}").Order(StringComparer.Ordinal)],
        });
    }

    private async Task CheckExistsAsync(string dataset, string database, ObjectLocation folder, CancellationToken cancellationToken)
    {
        if (await _lake.Glue.GetDatabaseAsync(database, cancellationToken).ConfigureAwait(false) is not null) return;
        await foreach (var _ in _lake.Objects.ListAsync(folder.Bucket, folder.Combine("").Key, cancellationToken).ConfigureAwait(false))
            return;
        throw new DltException($"There is no dataset '{dataset}': neither the database '{database}' exists, nor a file in {folder}. "
            + "Correct its name.");
    }

    private async Task DropDatabaseAsync(string database, CancellationToken cancellationToken)
    {
        try
        {
            var foreign = new ForeignCatalog(_lake.Glue, _settings);
            await foreign.CheckAsync(cancellationToken).ConfigureAwait(false);
            var ddl = TableDdl.Of(_settings, _lake.Athena, _lake.Glue, Catalog, foreign);
            await ddl.DropDatabaseAsync(database, cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsNotFound)
        {
            // an interrupted call dropped it, or only the folder was left
        }
    }

    /// <summary>Deletes the objects of a folder in the order of their keys, in batches, so that none of a large folder are held.</summary>
    private async Task DeleteAsync(ObjectLocation folder, CancellationToken cancellationToken)
    {
        const int batch = 1000;
        var keys = new List<string>(batch);
        await foreach (var found in _lake.Objects.ListAsync(folder.Bucket, folder.Key, cancellationToken).ConfigureAwait(false))
        {
            keys.Add(found.Location.Key);
            if (keys.Count < batch) continue;
            await _lake.Objects.DeleteAsync(folder.Bucket, keys, cancellationToken).ConfigureAwait(false);
            keys.Clear();
        }

        if (keys.Count > 0) await _lake.Objects.DeleteAsync(folder.Bucket, keys, cancellationToken).ConfigureAwait(false);
    }
}
