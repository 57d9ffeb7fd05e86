using System.Collections.Concurrent;

namespace Dlt.Sources.Http;

/// <summary>
/// The hosts that have answered in this run. One that never has is not waited for as long: it may be the address that is wrong.
/// </summary>
internal sealed class ReachedHosts
{
    /// <summary>How long a host is tried that has never answered.</summary>
    public static readonly TimeSpan FirstContact = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, bool> _hosts = new(StringComparer.Ordinal);

    /// <summary>The host has answered.</summary>
    public void Add(Uri url) => _hosts.TryAdd(url.Authority, true);

    /// <summary>True when a host that has never answered would be tried for too long.</summary>
    /// <param name="url">An address of it.</param>
    /// <param name="untilNext">Time from the first attempt to the next one.</param>
    public bool IsGivenUp(Uri url, TimeSpan untilNext) => untilNext > FirstContact && !_hosts.ContainsKey(url.Authority);
}
