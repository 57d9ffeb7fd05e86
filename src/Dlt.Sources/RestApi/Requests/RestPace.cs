namespace Dlt.Sources.Rest;

/// <summary>Lets the requests to each host begin at a steady pace, and waits when a host asked for it.</summary>
/// <param name="limit">Largest number of requests in a time; null for no limit.</param>
/// <param name="time">Clock of the run.</param>
internal sealed class RestPace(RestRateLimit? limit, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (TimeSpan Next, TimeSpan Until)> _hosts = new(StringComparer.OrdinalIgnoreCase);
    private readonly TimeSpan _step = limit is null ? TimeSpan.Zero : limit.Per / limit.Requests;

    /// <summary>Waits until the next request to a host may begin.</summary>
    public async ValueTask WaitAsync(Uri url, CancellationToken cancellationToken)
    {
        var wait = Take(url.Authority);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lets no request to a host begin for some time.</summary>
    public void Hold(Uri url, TimeSpan wait)
    {
        lock (_gate)
        {
            var (next, until) = _hosts.GetValueOrDefault(url.Authority);
            var end = time.GetElapsedTime(_start) + wait;
            _hosts[url.Authority] = (next, end > until ? end : until);
        }
    }

    /// <summary>Takes the next place in the line of a host.</summary>
    /// <returns>Time until it is due; zero or less for now.</returns>
    private TimeSpan Take(string host)
    {
        lock (_gate)
        {
            var now = time.GetElapsedTime(_start);
            var (next, until) = _hosts.GetValueOrDefault(host);
            var due = new[] { now, next, until }.Max();
            _hosts[host] = (due + _step, until);
            return due - now;
        }
    }
}
