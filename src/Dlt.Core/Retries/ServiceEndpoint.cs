using System.Globalization;

namespace Dlt.Retries;

/// <summary>A service at an address, as one run knows it: whether it has answered yet decides how patient its calls are.</summary>
/// <param name="service">Its name, such as <c>Glue</c>.</param>
/// <param name="waits">Waits, and says so.</param>
internal sealed class ServiceEndpoint(string service, RetryWaits waits)
{
    /// <summary>A command whose first call is not answered fails within ten seconds; the rest is for its start and its end.</summary>
    public static readonly TimeSpan FirstCallLimit = TimeSpan.FromSeconds(7.5);

    /// <summary>An attempt of a service that has answered before takes at most this time to be answered.</summary>
    public static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan LinesApart = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private volatile bool _hasAnswered;
    private volatile string? _address;
    private long? _lastLine;

    /// <summary>Waits, and says so.</summary>
    public RetryWaits Waits => waits;

    /// <summary>True once any call was answered, be it with an error.</summary>
    public bool HasAnswered => _hasAnswered;

    /// <summary>How often calls are tried now.</summary>
    public RetryPolicy Policy => _hasAnswered ? RetryPolicy.Calls : RetryPolicy.FirstCall;

    /// <summary>Service and address for messages: <c>Glue at https://glue.eu-central-1.amazonaws.com</c>.</summary>
    public string Name => _address is null ? service : $"{service} at {_address}";

    /// <summary>Notes where calls go; without path, login and query.</summary>
    public void GoesTo(Uri? address)
    {
        if (address is { IsAbsoluteUri: true }) _address = address.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
    }

    /// <summary>Notes that the service answered.</summary>
    public void Answered() => _hasAnswered = true;

    /// <summary>A call that begins now.</summary>
    /// <param name="what">The operation, and on what, such as <c>GetTable of table 'a.b'</c>.</param>
    public ServiceCall Begin(string what) => new(this, what);

    /// <summary>Says that a call waits for its answer. Calls that run side by side wait for the same, so a line every ten seconds
    /// suffices.</summary>
    public void SayWaiting(ServiceCall call, TimeSpan limit)
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

    /// <summary>The error of a call that got no answer.</summary>
    /// <param name="what">The operation, and on what.</param>
    /// <param name="error">The failure of the last attempt.</param>
    /// <param name="call">The call, if it is known how often it was tried.</param>
    public DltException NotReached(string what, Exception error, ServiceCall? call)
    {
        var tries = call is null ? "" : string.Create(
            CultureInfo.InvariantCulture,
                $" It was tried {call.Attempt} time{(call.Attempt == 1 ? "" : "s")} in {call.Elapsed.TotalSeconds:0.0} s"
                    + $"{(_address is null ? "" : " at " + _address)}.");
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
