using System.Collections.Concurrent;
using Dlt.Iceberg;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>Caches the rows of bookkeeping tables by file or metadata file. Those never change, so only new ones are read.</summary>
internal sealed class BookkeepingCache
{
    private readonly ConcurrentDictionary<string, KnownRows> _known = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<string, Table> _tables = new(StringComparer.Ordinal);

    /// <summary>The table that was read from a metadata file; null if it was not read last.</summary>
    public Table? TableAt(string metadataLocation) => _tables.Values.FirstOrDefault(t => t.MetadataLocation == metadataLocation);

    /// <summary>Keeps a table in place of its earlier version.</summary>
    public void Keep(Table table) => _tables[table.Name] = table;

    /// <summary>Cached rows of a table or file; null if this version of it was not read.</summary>
    public IReadOnlyList<Dictionary<string, object?>>? Of(string name, string version) =>
        _known.TryGetValue(name, out var known) && known.Version == version ? known.Rows : null;

    /// <summary>Stores the rows of a version, in place of an earlier one.</summary>
    public void Set(string name, string version, IReadOnlyList<Dictionary<string, object?>> rows) => _known[name] = new(version, rows);

    private sealed record KnownRows(string Version, IReadOnlyList<Dictionary<string, object?>> Rows);
}
