using System.Collections.Concurrent;
using Dlt.Aws;
using Dlt.Lake;

namespace Dlt.Destinations.Queries;

/// <summary>Passes queries on, and adds up their number, the bytes that they have scanned, and their cost.</summary>
/// <param name="athena">Runs the queries.</param>
/// <param name="price">Price of the bytes.</param>
internal sealed class MeteredAthena(IAthena athena, QueryPrice price) : IAthena
{
    private readonly ConcurrentDictionary<string, QueryStatistics?> _queries = new(StringComparer.Ordinal);

    /// <summary>Meters the queries of an account.</summary>
    /// <param name="account">The account.</param>
    /// <param name="pricePerTerabyte">US dollars for a terabyte; null for the known price of the account's region.</param>
    public static MeteredAthena Of(LakeAccount account, decimal? pricePerTerabyte) => new(
        account.Athena,
        pricePerTerabyte is { } price ? new(price) : QueryPrice.Of((account as AwsAccount)?.Region));

    /// <summary>The queries so far. Those that have not ended count without bytes and cost.</summary>
    public QueryUsage Usage
    {
        get
        {
            var all = _queries.Values.Select(s => s ?? new(0, IsBilled: false)).ToList();
            return QueryUsage.Sum(all.Select(s => new QueryUsage(1, s.BytesScanned ?? 0, price.Of(s))));
        }
    }

    public async Task<string> StartAsync(AthenaQuery query, CancellationToken cancellationToken = default)
    {
        var id = await athena.StartAsync(query, cancellationToken).ConfigureAwait(false);
        _queries[id] = null;
        return id;
    }

    public async Task<QueryStatistics> WaitAsync(string queryExecutionId, CancellationToken cancellationToken = default)
    {
        try
        {
            var statistics = await athena.WaitAsync(queryExecutionId, cancellationToken).ConfigureAwait(false);
            _queries[queryExecutionId] = statistics;
            return statistics;
        }
        catch (AthenaQueryException error) when (error.Statistics is { } statistics)
        {
            _queries[queryExecutionId] = statistics;
            throw;
        }
    }

    public Task<IAthenaResult> OpenResultAsync(string queryExecutionId, CancellationToken cancellationToken = default) =>
        athena.OpenResultAsync(queryExecutionId, cancellationToken);

    public Task StopAsync(string queryExecutionId, CancellationToken cancellationToken = default) =>
        athena.StopAsync(queryExecutionId, cancellationToken);
}
