using Dlt.Internal;

namespace Dlt.Lake;

/// <summary>Runs queries from start to result over the single steps of <see cref="IAthena"/>.</summary>
public static class AthenaExtensions
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    /// <summary>Repeats queries: 5 more times, 1 to 30 s apart (docs/spec/aws-apis.md 1.6).</summary>
    private static readonly RetryPolicy Repeats =
        new() { Attempts = 6, FirstWait = TimeSpan.FromSeconds(1), MaxWait = TimeSpan.FromSeconds(30) };

    private static readonly string[] Readers = ["SELECT", "WITH", "VALUES", "TABLE", "SHOW", "DESCRIBE", "EXPLAIN", "("];

    /// <summary>Runs one statement to completion and opens its result, whose rows are read page by page.</summary>
    /// <param name="athena">Service that runs the statement.</param>
    /// <param name="query">Statement with its database and catalog.</param>
    /// <param name="cancellationToken">Cancels the call and stops the query on the service.</param>
    /// <returns>The result. The caller disposes it.</returns>
    /// <exception cref="AthenaQueryException">The statement was refused or failed.</exception>
    /// <remarks>
    /// A query that only reads is started again when it fails for a reason that may pass, such as exhausted resources. So is one that lost
    /// the race for the commit of an Iceberg table, which has changed nothing.
    /// </remarks>
    public static Task<IAthenaResult> ExecuteAsync(
        this IAthena athena, AthenaQuery query, CancellationToken cancellationToken = default) =>
        RepeatAsync(athena, query, RetryWaits.Silent, cancellationToken);

    /// <summary>Runs one statement, again while its failures may pass.</summary>
    internal static async Task<IAthenaResult> RepeatAsync(
        IAthena athena, AthenaQuery query, RetryWaits waits, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await ExecuteOnceAsync(athena, query, cancellationToken).ConfigureAwait(false);
            }
            catch (AthenaQueryException error) when (attempt < Repeats.Attempts && CanBeRepeated(query.Sql, error))
            {
                var what = $"The query {error.QueryExecutionId} failed: {error.Message}";
                await waits.WaitAsync(what, attempt, Repeats.Attempts, Repeats.Wait(attempt), cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>True for a query that ran and failed, and whose repetition cannot write rows twice.</summary>
    private static bool CanBeRepeated(string sql, AthenaQueryException error) =>
        error is { IsTransient: true, QueryExecutionId: not null }
            && (error.ErrorName == "ICEBERG_COMMIT_ERROR"
                || Readers.Any(word => sql.AsSpan().TrimStart().StartsWith(word, StringComparison.OrdinalIgnoreCase)));

    private static async Task<IAthenaResult> ExecuteOnceAsync(IAthena athena, AthenaQuery query, CancellationToken cancellationToken)
    {
        var id = await athena.StartAsync(query, cancellationToken).ConfigureAwait(false);
        try
        {
            await athena.WaitAsync(id, cancellationToken).ConfigureAwait(false);
            return await athena.OpenResultAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            await GiveUpAsync(athena, id).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Tries to stop an abandoned query, and waits for its end, because the bytes that it has scanned are billed. Errors are ignored: the
    /// caller has already stopped.
    /// </summary>
    private static async Task GiveUpAsync(IAthena athena, string id)
    {
        using var limit = new CancellationTokenSource(StopLimit, TimeProvider.System);
        try
        {
            await athena.StopAsync(id, limit.Token).ConfigureAwait(false);
            await athena.WaitAsync(id, limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DltException or OperationCanceledException)
        {
            // It was stopped. Otherwise the query ends on its own, at the latest at the limits of the workgroup.
        }
    }
}
