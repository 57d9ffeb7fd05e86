using Dlt.Destinations.Publishing.Merging;
using Dlt.Iceberg;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Publishing;

/// <summary>Replaces the rows of the tables in a chain.</summary>
internal sealed class ReplacePublisher : ChainPublisher
{
    public override WriteMode Mode => WriteMode.Replace;

    /// <summary>
    /// Replaces nested tables first. A merge in between can have added nested rows whose root rows the replace of the root then removes:
    /// they go too.
    /// </summary>
    public override async Task<IReadOnlyDictionary<string, PublishedRows>> PublishAsync(
        TableChain chain, ActiveLoad load, CancellationToken cancellationToken)
    {
        var rows = new Dictionary<string, PublishedRows>(StringComparer.Ordinal);
        var replaced = new Dictionary<string, IcebergTable>(StringComparer.Ordinal);
        foreach (var table in chain.Tables)
        {
            var opened = load.TableOf(table.Table);
            rows[table.Table.Name] = new(await PublishTableAsync(opened, table, cancellationToken).ConfigureAwait(false));
            if (opened is IcebergTableLoad { Replaced: { } after }) replaced[table.Table.Name] = after;
        }

        var isOvertaken = replaced.TryGetValue(chain.Root.Name, out var root)
            && root.Metadata.Snapshots.Any(s => IsMergeMeanwhile(s, load));
        if (!isOvertaken) return rows;
        foreach (var table in chain.Tables.Select(t => t.Table).Reverse())
        {
            if (RowOwner.Of(chain, table) is not { } owner || !replaced.TryGetValue(table.Name, out var nested)) continue;
            await OwnerRows.RemoveAbsentAsync(nested, owner, OpenAsync, load.Plan.LoadId, load.Files.Complete, cancellationToken)
                .ConfigureAwait(false);
        }

        return rows;

        async Task<IcebergTable?> OpenAsync(string name, CancellationToken stop) =>
            replaced.TryGetValue(name, out var table) ? await table.ReloadAsync(stop).ConfigureAwait(false) : null;
    }

    protected override Task<long?> PublishTableAsync(ITableLoad load, ChainTable table, CancellationToken cancellationToken) =>
        load.ReplaceAsync(table.Jobs, cancellationToken);

    private static bool IsMergeMeanwhile(Snapshot snapshot, ActiveLoad load) =>
        ChainPublishers.ModeOf(snapshot.Summary.GetValueOrDefault(StepRecord.Mode)) is MergeMode
            && !load.Files.CompleteBefore.Contains(snapshot.Summary.GetValueOrDefault(StepRecord.LoadId) ?? "");
}
