using System.ComponentModel;

namespace Dlt.Internal;

/// <summary>One call of a service with all its attempts, created by <see cref="ServiceEndpoint.Begin"/>.</summary>
/// <remarks>Not safe for use by several threads at once: attempts are sequential.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ServiceCall
{
    private readonly ServiceEndpoint _endpoint;
    private readonly long _began;
    private bool _hasUsedUpFirstCall;

    internal ServiceCall(ServiceEndpoint endpoint, string what)
    {
        _endpoint = endpoint;
        _began = endpoint.Waits.Time.GetTimestamp();
        What = what;
    }

    /// <summary>Operation and object, such as <c>GetTable of table 'a.b'</c>.</summary>
    internal string What { get; }

    /// <summary>Number of the current or last attempt; 0 before the first.</summary>
    public int Attempt { get; private set; }

    /// <summary>Time since the start of the call.</summary>
    public TimeSpan Elapsed => _endpoint.Waits.Time.GetElapsedTime(_began);

    /// <summary>False when no further attempt is allowed.</summary>
    public bool HasAttemptsLeft => Attempt < _endpoint.Policy.Attempts
        && (_endpoint.HasAnswered || (!_hasUsedUpFirstCall && Elapsed < _endpoint.FirstCallLimit));

    /// <summary>Makes one attempt with a time limit. Reports a slow answer to the user.</summary>
    /// <param name="send">Sends the call; its token is cancelled at the time limit.</param>
    /// <param name="isLarge">True when the body may take long to send. Once the service has answered, only the sender limits the
    /// time.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="TimeoutException">The service did not answer in time. Whether it carried out the call is unknown.</exception>
    public async Task<T> AttemptAsync<T>(Func<CancellationToken, Task<T>> send, bool isLarge, CancellationToken cancellationToken)
    {
        Attempt++;
        if (isLarge && _endpoint.HasAnswered) return await send(cancellationToken).ConfigureAwait(false);
        var limit = _endpoint.AttemptLimit;
        var isCut = !_endpoint.HasAnswered && _endpoint.FirstCallLimit - Elapsed < limit;   // to the remaining time of a first call
        if (isCut) limit = Positive(_endpoint.FirstCallLimit - Elapsed);
        var time = _endpoint.Waits.Time;
        using var end = new CancellationTokenSource(limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
        var line = time.CreateTimer(_ => _endpoint.SayWaiting(this, limit), null, RetryWaits.Silence, Timeout.InfiniteTimeSpan);
        await using (line.ConfigureAwait(false))
        {
            try
            {
                // The body may be read without a token, and the limit must still apply.
                return await send(both.Token).WaitAsync(both.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException error) when (!cancellationToken.IsCancellationRequested)
            {
                _hasUsedUpFirstCall = isCut;
                throw new TimeoutException("there was no answer in time", error);
            }
        }
    }

    /// <summary>Waits before the next attempt.</summary>
    /// <param name="error">Failure of the last attempt.</param>
    /// <param name="requested">Wait that the service asked for; null when it did not.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public Task WaitAsync(Exception error, TimeSpan? requested, CancellationToken cancellationToken) => _endpoint.Waits.WaitAsync(
        $"{_endpoint.Name} did not do {What}: {Failure.Cause(error)}", Attempt, _endpoint.Policy.Attempts,
            _endpoint.Policy.Wait(Attempt, requested), cancellationToken);

    private static TimeSpan Positive(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(1);
}
