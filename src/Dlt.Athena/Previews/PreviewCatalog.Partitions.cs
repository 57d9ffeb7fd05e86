using System.Collections.Immutable;
using Dlt.Lake;

namespace Dlt.Destinations.Previews;

/// <summary>Partitions follow the files of a load, so a preview decides nothing by those that it would make itself.</summary>
internal sealed partial class PreviewCatalog
{
    public IAsyncEnumerable<GluePartition> GetPartitionsAsync(
        string database, string table, CancellationToken cancellationToken = default) =>
        inner.GetPartitionsAsync(database, table, cancellationToken);

    public Task<IReadOnlyList<GluePartition>> FindPartitionsAsync(
        string database, string table, IReadOnlyCollection<ImmutableArray<string>> values, CancellationToken cancellationToken = default) =>
        _tables.ContainsKey((Fold(database), Fold(table)))
            ? FindStoredAsync(database, table, values, cancellationToken)
            : inner.FindPartitionsAsync(database, table, values, cancellationToken);

    public Task<IReadOnlyList<GluePartitionError>> CreatePartitionsAsync(
        string database, string table, IReadOnlyCollection<GluePartition> partitions, CancellationToken cancellationToken = default) =>
        Done();

    public Task<IReadOnlyList<GluePartitionError>> UpdatePartitionsAsync(
        string database, string table, IReadOnlyCollection<GluePartition> partitions, CancellationToken cancellationToken = default) =>
        Done();

    public Task<IReadOnlyList<GluePartitionError>> DeletePartitionsAsync(
        string database, string table, IReadOnlyCollection<ImmutableArray<string>> values, CancellationToken cancellationToken = default) =>
        Done();

    public IAsyncEnumerable<string> GetTableVersionIdsAsync(string database, string table, CancellationToken cancellationToken = default) =>
        inner.GetTableVersionIdsAsync(database, table, cancellationToken);

    public Task DeleteTableVersionsAsync(
        string database, string table, IReadOnlyCollection<string> versionIds, CancellationToken cancellationToken = default) =>
        Task.CompletedTask;

    /// <summary>The partitions of a table that the preview has changed; none of one that it has made.</summary>
    private async Task<IReadOnlyList<GluePartition>> FindStoredAsync(
        string database, string table, IReadOnlyCollection<ImmutableArray<string>> values, CancellationToken cancellationToken)
    {
        if (await inner.GetTableAsync(database, table, cancellationToken).ConfigureAwait(false) is null) return [];
        return await inner.FindPartitionsAsync(database, table, values, cancellationToken).ConfigureAwait(false);
    }

    private static Task<IReadOnlyList<GluePartitionError>> Done() => Task.FromResult<IReadOnlyList<GluePartitionError>>([]);
}
