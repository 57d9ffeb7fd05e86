using System.Globalization;
using Dlt.Destinations.Bookkeeping;
using Dlt.Destinations.Settings;
using Dlt.Iceberg;
using Dlt.Lake;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Maintenance;

/// <summary>
/// Compacts the Iceberg tables that a load changed and expires their snapshots, where enough has piled up (setting <c>maintenance</c>).
/// The load is complete, so a failure does not fail it.
/// </summary>
/// <param name="setting">Value of the setting.</param>
/// <param name="glue">Finds the tables.</param>
/// <param name="catalog">Opens them.</param>
/// <param name="database">Database of the dataset.</param>
/// <param name="compactor">Compacts tables.</param>
/// <param name="expirer">Expires snapshots.</param>
/// <param name="failures">Receives failures.</param>
internal sealed class LoadUpkeep(
    string setting, IGlueCatalog glue, GlueCatalog catalog, string database, TableCompactor compactor, TableExpirer expirer,
    UpkeepFailures failures)
{
    /// <summary>Number of files that loads have added since the last compaction, from which a table is compacted.</summary>
    public const int MinFiles = 20;

    /// <summary>Number of snapshots from which they are expired.</summary>
    public const int MinSnapshots = 20;

    /// <summary>Keeps the tables of a load small.</summary>
    /// <param name="plan">The load.</param>
    /// <param name="cancellationToken">Stops; the next load goes on.</param>
    public async Task RunAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        if (setting == UpkeepAfterLoad.Off) return;
        var changed = plan.Chains.SelectMany(c => c.Tables.Where(t => c.Mode.RemovesRows || !t.Jobs.IsDefaultOrEmpty))
            .Select(t => t.Table.Name.ToLowerInvariant()).Where(t => !DatasetTables.IsOfLoader(t)).ToList();
        if (changed.Count == 0) return;
        var found = new List<GlueTable>();
        await failures.TryAsync($"The tables of load {plan.LoadId} were not compacted", FindAsync, cancellationToken).ConfigureAwait(false);
        foreach (var table in found.Where(t => t.IsIceberg))
        {
            var outcome = $"Table '{database}.{table.Name}' keeps small files and old snapshots, which makes queries slower";
            await failures.TryAsync(outcome, () => KeepAsync(table, cancellationToken), cancellationToken).ConfigureAwait(false);
        }

        async Task FindAsync()
        {
            await foreach (var table in glue.FindTablesAsync(database, changed, cancellationToken).ConfigureAwait(false)) found.Add(table);
        }
    }

    private async Task KeepAsync(GlueTable stored, CancellationToken cancellationToken)
    {
        var table = await catalog.LoadTableAsync(database, stored, cancellationToken).ConfigureAwait(false);
        if (AddedFiles(table) >= MinFiles) await compactor.RunAsync(stored.Name, cancellationToken).ConfigureAwait(false);
        if (setting == UpkeepAfterLoad.CompactAndExpire) await expirer.RunAsync(stored.Name, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Counts the data and delete files that commits have added since the last compaction, as far as snapshots show it.</summary>
    private static long AddedFiles(IcebergTable table) => table.Metadata.AncestorsOf(table.Metadata.CurrentSnapshot)
        .TakeWhile(s => s.Operation != "replace").Sum(s => Count(s, "added-data-files") + Count(s, "added-delete-files"));

    private static long Count(Snapshot snapshot, string key) =>
        long.TryParse(snapshot.Summary.GetValueOrDefault(key), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 0;
}
