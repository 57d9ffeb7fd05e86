using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Normalize;

/// <summary>Reports the items of a package while they are normalised. Workers report their chunks one after another.</summary>
/// <param name="handled">Receives table, items and bytes of each chunk.</param>
/// <param name="advanced">Receives a table, the items of it that are done, and all its items.</param>
/// <param name="jobs">Files of the package.</param>
/// <param name="schema">Schema of the package.</param>
/// <param name="extracted">Number of items by root table, without those of files that are read in place.</param>
internal sealed class NormalizeProgress(
    Action<string, long, long> handled, Action<string, long, long?> advanced, IReadOnlyList<string> jobs, Schema schema,
    IReadOnlyDictionary<string, long> extracted)
{
    private readonly Dictionary<string, long> _done = new(StringComparer.Ordinal);

    /// <summary>Tables with items that nobody has counted, because they are in files that are read in place.</summary>
    private readonly HashSet<string> _uncounted =
    [
        .. jobs.Select(j => JobFileName.Parse(Path.GetFileName(j))).Where(j => j.Format == SegmentFormat.Reference)
            .Select(j => JobTables.Resolve(j, schema)),
    ];

    /// <summary>Adds the items of a chunk.</summary>
    public void Add(string table, long items, long bytes)
    {
        handled(table, items, bytes);
        var done = _done[table] = _done.GetValueOrDefault(table) + items;
        if (!_uncounted.Contains(table) && extracted.TryGetValue(table, out var total)) advanced(table, done, total);
    }
}
