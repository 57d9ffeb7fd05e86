using System.Collections.Concurrent;
using Dlt.Iceberg;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// Failures of the upkeep of bookkeeping tables, which fail no load. One that may pass is left to the next load; any other, such as a
/// missing permission, is a warning, once for each step.
/// </summary>
/// <param name="warn">Receives warnings for the user.</param>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed class UpkeepFailures(Action<string> warn)
{
    private readonly ConcurrentDictionary<string, bool> _warned = new(StringComparer.Ordinal);

    /// <summary>Runs a step of the upkeep.</summary>
    /// <param name="outcome">What a failure leaves, such as <c>Old states stay</c>.</param>
    /// <param name="step">The step.</param>
    /// <param name="cancellationToken">The token of the step.</param>
    public async Task TryAsync(string outcome, Func<Task> step, CancellationToken cancellationToken)
    {
        try
        {
            await step().ConfigureAwait(false);
        }
        catch (Exception error) when (IsOfStore(error, cancellationToken))
        {
            if (!MayPass(error) && _warned.TryAdd(outcome, true)) warn($"{outcome}: {error.Message}");
        }
    }

    /// <summary>True for errors of stores and catalogs; false when the caller has cancelled.</summary>
    private static bool IsOfStore(Exception error, CancellationToken cancellationToken) =>
        error is DltException or IOException or UnauthorizedAccessException or HttpRequestException
            || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    /// <summary>True when the store did not answer, or another pipeline changed the table or removed its files at the same time.</summary>
    private static bool MayPass(Exception error) => error switch
    {
        ObjectNotFoundException or PreconditionFailedException or FileNotFoundException or DirectoryNotFoundException => true,
        GlueException { IsConflict: true } or GlueException { IsNotFound: true } => true,
        IcebergException { Error: IcebergError.Conflict or IcebergError.NotFound or IcebergError.CommitStateUnknown } => true,
        _ => Failure.MayPass(error),
    };
}
