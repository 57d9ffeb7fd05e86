using System.Collections.Concurrent;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// Rows that were read, by what they were read from: files and metadata files never change, so only what is new is read again.
/// </summary>
internal sealed class BookkeepingCache
{
    private readonly ConcurrentDictionary<string,
        (string Version, IReadOnlyList<Dictionary<string, object?>> Rows)> _known = new(StringComparer.Ordinal);

    /// <summary>Rows of a table or file; null when another version of it, or none, was read.</summary>
    public IReadOnlyList<Dictionary<string, object?>>? Of(string name, string version) =>
        _known.TryGetValue(name, out var known) && known.Version == version ? known.Rows : null;

    public void Set(string name, string version, IReadOnlyList<Dictionary<string, object?>> rows) => _known[name] = (version, rows);
}
