using System.ComponentModel;
using System.Globalization;
using Dlt.Retries;

namespace Dlt.Internal;

/// <summary>A service at an address. Calls have fewer attempts and less time until the service has answered once.</summary>
/// <param name="service">Name of the service in messages, such as <c>Glue</c>.</param>
/// <param name="waits">Waits between attempts, and reports them.</param>
/// <remarks>Safe for use by several threads at once.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ServiceEndpoint(string service, RetryWaits waits)
{
    private static readonly TimeSpan LinesApart = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private volatile bool _hasAnswered;
    private volatile string? _address;
    private long? _lastLine;
    private RetryPolicy _calls = RetryPolicy.Calls;
    private RetryPolicy _firstCall = RetryPolicy.FirstCall;

    /// <summary>Waits between attempts, and reports them.</summary>
    public RetryWaits Waits => waits;

    /// <summary>Time limit of one attempt; 60 s by default.</summary>
    public TimeSpan AttemptLimit { get; private set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Time limit of a first call with all its attempts: 7.5 s, so a command with a wrong address fails within ten seconds. A longer
    /// attempt limit that is set wins.
    /// </summary>
    internal TimeSpan FirstCallLimit { get; private set; } = TimeSpan.FromSeconds(7.5);

    /// <summary>True after the service has answered a call, even with an error.</summary>
    public bool HasAnswered => _hasAnswered;

    /// <summary>Policy for the next call.</summary>
    public RetryPolicy Policy => _hasAnswered ? _calls : _firstCall;

    /// <summary>Service and address for messages: <c>Glue at https://glue.eu-central-1.amazonaws.com</c>.</summary>
    public string Name => _address is null ? service : $"{service} at {_address}";

    /// <summary>Sets <see cref="AttemptLimit"/>, before the first call.</summary>
    public void SetAttemptLimit(TimeSpan limit)
    {
        AttemptLimit = limit;
        if (limit > FirstCallLimit) FirstCallLimit = limit;
    }

    /// <summary>Sets the number of attempts of a call, the first one included, before the first call.</summary>
    public void SetAttempts(int attempts)
    {
        _calls = RetryPolicy.Calls with { Attempts = attempts };
        _firstCall = RetryPolicy.FirstCall with { Attempts = Math.Min(attempts, RetryPolicy.FirstCall.Attempts) };
    }

    /// <summary>Sets the address for messages to scheme, host and port of a URL, without login, path and query.</summary>
    /// <param name="address">URL of the service; null or a relative address is ignored.</param>
    public void SetAddress(Uri? address)
    {
        if (address is { IsAbsoluteUri: true }) _address = address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
    }

    /// <summary>Records that the service answered.</summary>
    public void MarkAnswered() => _hasAnswered = true;

    /// <summary>Starts a call.</summary>
    /// <param name="what">Operation and object for messages, such as <c>GetTable of table 'a.b'</c>.</param>
    public ServiceCall Begin(string what) => new(this, what);

    /// <summary>Reports that a call waits for its answer, at most once in ten seconds for all calls of the service.</summary>
    internal void SayWaiting(ServiceCall call, TimeSpan limit)
    {
        lock (_lock)
        {
            if (_lastLine is { } last && waits.Time.GetElapsedTime(last) < LinesApart) return;
            _lastLine = waits.Time.GetTimestamp();
        }

        waits.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{Name} has not answered {call.What} for {RetryWaits.Silence.TotalSeconds:0} s "
            + $"(attempt {call.Attempt} of {Policy.Attempts}, which ends after {limit.TotalSeconds:0.#} s)."));
    }

    /// <summary>Creates the error of a call that got no answer.</summary>
    /// <param name="what">Operation and object.</param>
    /// <param name="error">Failure of the last attempt.</param>
    /// <param name="call">The call; null when the number of its attempts is unknown.</param>
    public DltException NotReached(string what, Exception error, ServiceCall? call)
    {
        var place = _address is null ? "" : " at " + _address;
        var tries = call is null ? "" : string.Create(
            CultureInfo.InvariantCulture,
            $" It was tried {call.Attempt} time{(call.Attempt == 1 ? "" : "s")} in {call.Elapsed.TotalSeconds:0.0} s{place}.");
        var message = $"{service} was not reached for {what}: {Failure.Cause(error).TrimEnd('.')}.{tries} "
            + "Check the network, the region and endpoint_url, then run again.";
        return _hasAnswered || !Failure.IsNetwork(error) ? new DltException(message, error)
        {
            IsTransient = Failure.IsNetwork(error),
            WasRetried = call is { HasAttemptsLeft: false },
        }
            : new FirstCallException(message, error) { IsTransient = true };
    }
}
