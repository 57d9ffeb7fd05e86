using Dlt.Lake;

namespace Dlt.Destinations.Previews;

/// <summary>The query service of a preview, which runs no query: each would cost money, and some would change tables.</summary>
internal sealed class PreviewAthena : IAthena
{
    public Task<string> StartAsync(AthenaQuery query, CancellationToken cancellationToken = default) => throw Refused(query.Sql);

    public Task<QueryStatistics> WaitAsync(string queryExecutionId, CancellationToken cancellationToken = default) =>
        throw Refused(queryExecutionId);

    public Task<IAthenaResult> OpenResultAsync(string queryExecutionId, CancellationToken cancellationToken = default) =>
        throw Refused(queryExecutionId);

    public Task StopAsync(string queryExecutionId, CancellationToken cancellationToken = default) => Task.CompletedTask;

    private static DltException Refused(string query) => new(
        $"A plan runs no query, and what the load would do depends on one: {query} The catalog of the destination is not served by Glue, "
        + "so only a query lists the partitions of its tables. Nothing was changed. Run without a plan.");
}
