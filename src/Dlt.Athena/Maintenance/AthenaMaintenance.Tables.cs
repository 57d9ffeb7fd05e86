using Dlt.Destinations.Maintenance;
using Dlt.Destinations.Publishing;
using Dlt.Destinations.Settings;
using Dlt.Destinations.Tables;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt;

public sealed partial class AthenaMaintenance
{
    /// <summary>Tables that are read at once.</summary>
    private const int Parallelism = 10;

    /// <summary>
    /// Compacts Iceberg tables: merges small data files, applies deletes, and merges manifests where many have piled up. The rows stay the
    /// same. Loads, queries and other engines go on meanwhile. Data files of loads that are not complete stay, and so do tables from which
    /// such a load may remove rows.
    /// </summary>
    /// <param name="dataset">The dataset's name in the pipeline.</param>
    /// <param name="tables">Names of the tables; empty or null for all Iceberg tables but those of the loader.</param>
    /// <param name="dryRun">True only says what would be done.</param>
    /// <param name="cancellationToken">Stops the calls; some tables may be compacted.</param>
    /// <returns>An entry for each table. One that failed does not stop the others.</returns>
    /// <exception cref="DltException">The dataset or a table does not exist, or a table is not an Iceberg table.</exception>
    /// <exception cref="ConfigurationException">The destination is read only. Nothing was changed.</exception>
    public async Task<IReadOnlyList<TableCompaction>> CompactAsync(
        string dataset, IReadOnlyCollection<string>? tables = null, bool dryRun = false, CancellationToken cancellationToken = default)
    {
        if (!dryRun) new ReadOnlyRefusal(_settings.IsReadOnly).Check("compacted");
        var database = DatabaseName.Of(_settings, dataset);
        var compactor = new TableCompactor(OpenerOf(database), OpenLoadsOf(database));
        return await EachAsync(
            dataset, tables, dryRun ? Parallelism : 1,   // a compaction uses all cores, and holds the files of a partition
            name => dryRun ? compactor.PlanAsync(name, cancellationToken) : compactor.RunAsync(name, cancellationToken),
            (name, message) => new TableCompaction { Table = name, Skipped = message, HasFailed = true }, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Expires snapshots of Iceberg tables and deletes the files that only they need. Snapshots stay that a branch or tag names, that are
    /// younger than an hour, or that a load needs which is not complete.
    /// </summary>
    /// <param name="dataset">The dataset's name in the pipeline.</param>
    /// <param name="tables">Names of the tables; empty or null for all Iceberg tables but those of the loader.</param>
    /// <param name="olderThan">
    /// Age from which snapshots expire; null for the table property <c>history.expire.max-snapshot-age-ms</c>, else five days.
    /// </param>
    /// <param name="keep">
    /// Number of snapshots that each branch keeps, 1 or more; null for the table property <c>history.expire.min-snapshots-to-keep</c>, else
    /// 1.
    /// </param>
    /// <param name="dryRun">True only says what would be done.</param>
    /// <param name="cancellationToken">Stops the calls. <see cref="FindOrphansAsync"/> finds files that are left.</param>
    /// <returns>An entry for each table. One that failed does not stop the others.</returns>
    /// <exception cref="DltException">The dataset or a table does not exist, or a table is not an Iceberg table.</exception>
    /// <exception cref="ConfigurationException">The destination is read only. Nothing was changed.</exception>
    public async Task<IReadOnlyList<TableExpiry>> ExpireSnapshotsAsync(
        string dataset, IReadOnlyCollection<string>? tables = null, TimeSpan? olderThan = null, int? keep = null, bool dryRun = false,
        CancellationToken cancellationToken = default)
    {
        if (keep is { } number) ArgumentOutOfRangeException.ThrowIfLessThan(number, 1, nameof(keep));
        if (!dryRun) new ReadOnlyRefusal(_settings.IsReadOnly).Check("removed");
        var database = DatabaseName.Of(_settings, dataset);
        var expirer = new TableExpirer(OpenerOf(database), OpenLoadsOf(database), _time) { OlderThan = olderThan, Keep = keep };
        return await EachAsync(
            dataset, tables, Parallelism,
            name => dryRun ? expirer.PlanAsync(name, cancellationToken) : expirer.RunAsync(name, cancellationToken),
            (name, message) => new TableExpiry { Table = name, Skipped = message, HasFailed = true }, cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Deletes old versions of table definitions in the Glue Data Catalog. Athena and Python dlt archive one with each change of a table.
    /// The current version always stays.
    /// </summary>
    /// <param name="dataset">The dataset's name in the pipeline.</param>
    /// <param name="tables">Names of the tables; empty or null for all tables.</param>
    /// <param name="keep">Number of old versions of each table that stay, 0 or more: the newest.</param>
    /// <param name="dryRun">True only says what would be done.</param>
    /// <param name="cancellationToken">Stops the calls; some versions may be deleted.</param>
    /// <returns>An entry for each table.</returns>
    /// <exception cref="DltException">The dataset or a table does not exist, or a version cannot be deleted.</exception>
    /// <exception cref="ConfigurationException">The destination is read only. Nothing was changed.</exception>
    public async Task<IReadOnlyList<TableVersions>> DeleteVersionsAsync(
        string dataset, IReadOnlyCollection<string>? tables = null, int keep = 10, bool dryRun = false,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        if (!dryRun) new ReadOnlyRefusal(_settings.IsReadOnly).Check("removed");
        var database = DatabaseName.Of(_settings, dataset);
        var removal = new VersionRemoval(_lake.Glue, database, keep);
        var found = new List<TableVersions>();
        foreach (var table in await new DatasetTables(_lake.Glue, dataset, database).AllAsync(tables ?? [], cancellationToken)
            .ConfigureAwait(false))
            found.Add(await removal.RunAsync(table, dryRun, cancellationToken).ConfigureAwait(false));
        return found;
    }

    private async Task<IReadOnlyList<T>> EachAsync<T>(
        string dataset, IReadOnlyCollection<string>? tables, int parallelism, Func<string, Task<T>> run, Func<string, string, T> failed,
        CancellationToken cancellationToken)
    {
        var found = await new DatasetTables(_lake.Glue, dataset, DatabaseName.Of(_settings, dataset))
            .IcebergAsync(tables ?? [], cancellationToken).ConfigureAwait(false);
        var results = new T[found.Count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, found.Count, options, async (number, _) =>
        {
            var name = found[number].Name;
            try
            {
                results[number] = await run(name).ConfigureAwait(false);
            }
            catch (DltException error) when (error is not ConfigurationException)
            {
                results[number] = failed(name, error.Message);
            }
        }).ConfigureAwait(false);
        return results;
    }

    private Func<string, CancellationToken, Task<IcebergTable?>> OpenerOf(string database)
    {
        var catalog = Catalog;
        return (name, stop) => catalog.TryLoadTableAsync(new(database, name), stop);
    }

    private Func<CancellationToken, Task<OpenLoads>> OpenLoadsOf(string database)
    {
        var locations = new DatasetLocations(_settings, database);
        var folder = new PublishFolder(_lake.Objects, locations.Dataset);
        return stop =>
        {
            var bookkeeping = BookkeepingOf(database, locations, Catalog);
            return OpenLoads.ReadAsync(folder, bookkeeping.CompleteLoadsAsync, _time.GetUtcNow(), stop);
        };
    }
}
