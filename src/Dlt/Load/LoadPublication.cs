using Dlt.Destinations;
using Dlt.Packages;

namespace Dlt.Load;

/// <summary>Makes the staged rows of a package visible, chain by chain, and compares the published rows with the normalised ones.</summary>
/// <param name="client">The dataset.</param>
/// <param name="load">The package; all its jobs are staged.</param>
internal sealed class LoadPublication(IDestinationClient client, PendingLoad load)
{
    /// <summary>Publishes all chains of the package.</summary>
    /// <exception cref="RowCountException">The destination has another number of rows of a table than normalise wrote.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        // The chains are built again because the jobs now have the receipts of staging.
        var jobs = new PackageJobs(load.Package, load.Schema).All();
        foreach (var chain in LoadPlanner.ChainsOf(jobs, load.Schema))
        {
            var published = await client.PublishAsync(load.Plan, chain, cancellationToken).ConfigureAwait(false);
            foreach (var table in chain.Tables.Select(t => t.Table.Name)) CheckRows(table, published.GetValueOrDefault(table));
        }
    }

    private void CheckRows(string table, long? published)
    {
        var normalized = load.Rows.GetValueOrDefault(table);
        var isKnown = load.Rows.Count > 0 && published is not null;   // Python dlt stores no counts
        if (!isKnown || published == normalized) return;
        var extracted = RowCounts.ReadExtracted(load.Package);
        long? counted = extracted.TryGetValue(table, out var items) ? items : null;
        throw new RowCountException(table, load.Package.LoadId, counted, normalized, published, "The load is not complete.");
    }
}
