namespace Dlt.Retries;

/// <summary>One call of a service, from its first attempt to its last.</summary>
/// <param name="endpoint">The service.</param>
/// <param name="what">The operation, and on what.</param>
internal sealed class ServiceCall(ServiceEndpoint endpoint, string what)
{
    private readonly long _began = endpoint.Waits.Time.GetTimestamp();
    private bool _hasUsedUpFirstCall;

    /// <summary>The operation, and on what.</summary>
    public string What => what;

    /// <summary>The attempt that runs or ran last; 0 before the first.</summary>
    public int Attempt { get; private set; }

    /// <summary>Time since the call began.</summary>
    public TimeSpan Elapsed => endpoint.Waits.Time.GetElapsedTime(_began);

    /// <summary>False when the last attempt was the last one.</summary>
    public bool HasAttemptsLeft => Attempt < endpoint.Policy.Attempts
        && (endpoint.HasAnswered || (!_hasUsedUpFirstCall && Elapsed < ServiceEndpoint.FirstCallLimit));

    /// <summary>Makes one attempt, which ends in time and says when it waits for its answer.</summary>
    /// <param name="send">Sends the call; its token ends the attempt.</param>
    /// <param name="isLarge">True: the body may take long to send, so that only its sender knows how long is too long.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="TimeoutException">There was no answer in time; whether the call was carried out is not known.</exception>
    public async Task<T> AttemptAsync<T>(Func<CancellationToken, Task<T>> send, bool isLarge, CancellationToken cancellationToken)
    {
        Attempt++;
        if (isLarge && endpoint.HasAnswered) return await send(cancellationToken).ConfigureAwait(false);
        var limit = endpoint.HasAnswered ? ServiceEndpoint.AttemptLimit : Positive(ServiceEndpoint.FirstCallLimit - Elapsed);
        var time = endpoint.Waits.Time;
        using var end = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
        var line = time.CreateTimer(_ => endpoint.SayWaiting(this, limit), null, RetryWaits.Silence, Timeout.InfiniteTimeSpan);
        await using (line.ConfigureAwait(false))
        {
            try
            {
                // The answer's body may be read without a token; the call ends in time all the same.
                return await send(both.Token).WaitAsync(both.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
            {
                _hasUsedUpFirstCall = true;   // an attempt of a first call may take all the time that is left
                throw new TimeoutException("there was no answer in time", error);
            }
        }
    }

    /// <summary>Waits before the next attempt.</summary>
    /// <param name="error">Why the last one failed.</param>
    /// <param name="asked">How long the service wants to be left alone; null where it did not say.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public Task WaitAsync(Exception error, TimeSpan? asked, CancellationToken cancellationToken) => endpoint.Waits.WaitAsync(
        $"{endpoint.Name} did not do {what}: {Failure.Cause(error)}", Attempt, endpoint.Policy.Attempts,
            endpoint.Policy.Wait(Attempt, asked), cancellationToken);

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(1);
}
