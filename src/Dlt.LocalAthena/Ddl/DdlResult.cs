using System.Collections.Immutable;
using Dlt.Lake;

namespace Dlt.Local;

/// <summary>The result of a statement without rows.</summary>
/// <param name="QueryExecutionId">Id of the query execution.</param>
internal sealed record DdlResult(string QueryExecutionId) : IAthenaResult
{
    public ImmutableArray<AthenaColumn> Columns => [];

    public IAsyncEnumerable<ImmutableArray<string?>> ReadRowsAsync(CancellationToken cancellationToken = default) =>
        AsyncEnumerable.Empty<ImmutableArray<string?>>();

    public ValueTask DisposeAsync() => default;
}
