using System.Collections.Concurrent;
using System.Diagnostics;
using Dlt.Destinations;
using Dlt.Diagnostics;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>Makes the staged rows of a package visible, chain by chain, and compares the published rows with the normalised ones.</summary>
/// <param name="client">The dataset.</param>
/// <param name="load">The package. All its jobs are staged, and its plan has their receipts.</param>
/// <param name="capabilities">Say which format a table has.</param>
internal sealed class LoadPublication(IDestinationClient client, PendingLoad load, DestinationCapabilities capabilities)
{
    /// <summary>What merges did to the rows of tables, by table.</summary>
    public ConcurrentDictionary<string, MergedRows> Merged { get; } = new(StringComparer.Ordinal);

    /// <summary>Largest number of chains that are published at once.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>
    /// Publishes all chains of the package, several at once: they do not depend on each other. The chains of system tables, such as the
    /// state, come after all data.
    /// </summary>
    /// <exception cref="RowCountException">The destination has another number of rows of a table than normalise wrote.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = Workers, CancellationToken = cancellationToken };
        foreach (var chains in load.Plan.Chains.ToLookup(c => SystemTables.IsSystemName(c.Root.Name)).OrderBy(c => c.Key))
        {
            // Not the token of the loop: when one chain fails, commits under way still end, and no other begins.
            await Parallel.ForEachAsync(
                chains, options, async (chain, _) => await PublishAndCheckAsync(chain, cancellationToken).ConfigureAwait(false))
                .ConfigureAwait(false);
        }
    }

    private async Task PublishAndCheckAsync(TableChain chain, CancellationToken cancellationToken)
    {
        var published = await PublishAsync(chain, cancellationToken).ConfigureAwait(false);
        foreach (var (table, rows) in published)
            if (rows.Merged is { } merged) Merged[table] = merged;
        foreach (var table in chain.Tables.Select(t => t.Table.Name)) CheckRows(table, published.GetValueOrDefault(table)?.Count);
    }

    private Task<IReadOnlyDictionary<string, PublishedRows>> PublishAsync(TableChain chain, CancellationToken cancellationToken) =>
        DltDiagnostics.TraceAsync(SpanNames.Publish, ActivityKind.Internal, async span =>
        {
            var mode = chain.Mode.Name;
            var format = capabilities.FormatOf(load.Schema, chain.Root).Name();
            span?.SetTag(AttributeNames.Load, load.Package.LoadId).SetTag(AttributeNames.Table, chain.Root.Name)
                .SetTag(AttributeNames.WriteMode, mode).SetTag(AttributeNames.TableFormat, format);
            var published = await client.PublishAsync(load.Plan, chain, cancellationToken).ConfigureAwait(false);
            var rows = chain.Tables.Sum(t => published.GetValueOrDefault(t.Table.Name)?.Count ?? load.Rows.GetValueOrDefault(t.Table.Name));
            span?.SetTag(AttributeNames.Rows, rows);
            RunInstruments.Rows.Add(rows, new TagList
            {
                { AttributeNames.Step, StepNames.Load },
                { AttributeNames.WriteMode, mode },
                { AttributeNames.TableFormat, format },
            });
            return published;
        });

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
