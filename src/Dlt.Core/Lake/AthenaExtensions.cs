namespace Dlt.Lake;

/// <summary>Runs queries from start to result over the single steps of <see cref="IAthena"/>.</summary>
public static class AthenaExtensions
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(2);

    /// <summary>Runs one statement to completion and opens its result, whose rows are read page by page.</summary>
    /// <param name="athena">Service that runs the statement.</param>
    /// <param name="query">Statement with its database and catalog.</param>
    /// <param name="cancellationToken">Cancels the call and stops the query on the service.</param>
    /// <returns>The result. The caller disposes it.</returns>
    /// <exception cref="AthenaQueryException">The statement was refused or failed.</exception>
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

    /// <summary>Tries to stop an abandoned query. Errors are ignored, because the caller has already stopped.</summary>
    private static async Task GiveUpAsync(IAthena athena, string id)
    {
        using var limit = new CancellationTokenSource(StopLimit, TimeProvider.System);
        try
        {
            await athena.StopAsync(id, limit.Token).ConfigureAwait(false);
        }
        catch (Exception error) when (error is DltException or OperationCanceledException)
        {
            // The query ends on its own, at the latest at the limits of the workgroup.
        }
    }
}
