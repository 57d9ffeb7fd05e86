namespace Dlt.Lake;

/// <summary>Whole queries over the single steps of <see cref="IAthena"/>.</summary>
public static class AthenaExtensions
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    /// <summary>Runs one statement to its end and opens its result, whose rows come page by page.</summary>
    /// <param name="athena">Where it runs.</param>
    /// <param name="query">The statement, its database and catalog.</param>
    /// <param name="cancellationToken">Stops the query on the service as well.</param>
    /// <returns>The result; the caller disposes it.</returns>
    /// <exception cref="AthenaQueryException">The statement is refused or failed.</exception>
    public static async Task<IAthenaResult> ExecuteAsync(
        this IAthena athena, AthenaQuery query, CancellationToken cancellationToken = default)
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

    /// <summary>Asks to end a query that nobody waits for any more. Whether that succeeds or not, the caller has stopped.</summary>
    private static async Task GiveUpAsync(IAthena athena, string id)
    {
        using var limit = new CancellationTokenSource(StopLimit, TimeProvider.System);
        try
        {
            await athena.StopAsync(id, limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DltException or OperationCanceledException)
        {
            // The query ends by itself, at the latest when it meets the limits of the workgroup.
        }
    }
}
