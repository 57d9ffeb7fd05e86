using System.Collections.Concurrent;

namespace Dlt.Sources.Http;

/// <summary>
/// Records the hosts that responded in this run. A host that never responded is given up sooner, because its address may be wrong.
/// </summary>
internal sealed class ReachedHosts
{
    /// <summary>Longest time for attempts to reach a host that has never responded.</summary>
    public static readonly TimeSpan FirstContact = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, bool> _hosts = new(StringComparer.Ordinal);

    /// <summary>Records that a host has responded.</summary>
    public void Add(Uri url) => _hosts.TryAdd(url.Authority, true);

    /// <summary>Returns whether to stop the attempts to reach a host that has never responded.</summary>
    /// <param name="url">Address on the host.</param>
    /// <param name="untilNext">Time from the first attempt to the next one.</param>
    public bool IsGivenUp(Uri url, TimeSpan untilNext) => untilNext > FirstContact && !_hosts.ContainsKey(url.Authority);
}
