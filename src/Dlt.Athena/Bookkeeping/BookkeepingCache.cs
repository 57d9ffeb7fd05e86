using System.Collections.Concurrent;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>Caches the rows of bookkeeping tables by file or metadata file. Those never change, so only new ones are read.</summary>
internal sealed class BookkeepingCache
{
    private readonly ConcurrentDictionary<string,
        (string Version, IReadOnlyList<Dictionary<string, object?>> Rows)> _known = new(StringComparer.Ordinal);

    /// <summary>Cached rows of a table or file; null if this version of it was not read.</summary>
    public IReadOnlyList<Dictionary<string, object?>>? Of(string name, string version) =>
        _known.TryGetValue(name, out var known) && known.Version == version ? known.Rows : null;

    /// <summary>Stores the rows of a version, in place of an earlier one.</summary>
    public void Set(string name, string version, IReadOnlyList<Dictionary<string, object?>> rows) => _known[name] = (version, rows);
}
