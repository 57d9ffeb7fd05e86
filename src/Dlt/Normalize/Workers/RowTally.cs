using Dlt.Normalize.Chunks;
using Dlt.Normalize.Files;
using Dlt.Normalize.Rows;

namespace Dlt.Normalize.Workers;

/// <summary>
/// Counts a package while it is normalised, by table: items read, rows made, and items that did not become rows. Each number is counted at
/// another place, so a lost row is detected.
/// </summary>
internal sealed class RowTally
{
    private readonly Dictionary<string, long> _items = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _extracted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _accounted = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _rows = new(StringComparer.Ordinal);

    /// <summary>Counts a chunk before its rows are moved to the row groups.</summary>
    /// <param name="job">Job of the chunk.</param>
    /// <param name="items">Number of items read.</param>
    /// <param name="dropped">
    /// Number of items that did not become a row of the table: rejected, or dropped by a contract or a filter.
    /// </param>
    /// <param name="tables">Rows of the chunk.</param>
    public void Add(ExtractedJob job, long items, long dropped, IEnumerable<TableBuffer> tables)
    {
        var table = job.Table;
        Increase(_items, table, items);
        if (job.Reference is null) Increase(_extracted, table, items);
        Increase(_accounted, table, dropped);
        foreach (var made in tables)
        {
            if (made.Rows == 0) continue;   // a buffer of an earlier chunk
            Increase(_rows, made.Name, made.Rows);
            if (made.Name == table) Increase(_accounted, table, made.Rows);
        }
    }

    /// <summary>Compares the counts of a package whose files are closed.</summary>
    /// <param name="loadId">Load id of the package.</param>
    /// <param name="extracted">Number of items that extract counted, by table.</param>
    /// <param name="files">Files with the written rows.</param>
    /// <exception cref="RowCountException">The counts do not agree.</exception>
    public void Check(string loadId, IReadOnlyDictionary<string, long> extracted, PackageFiles files)
    {
        foreach (var (table, items) in _items)
        {
            long? counted = extracted.TryGetValue(table, out var known) ? known : null;
            if (_accounted[table] == items) continue;
            throw new RowCountException(table, loadId, counted ?? items, _accounted[table], null, UnloadedPackage.State);
        }

        foreach (var (table, items) in extracted.Where(e => e.Value != _extracted.GetValueOrDefault(e.Key)))
            throw new RowCountException(table, loadId, items, _extracted.GetValueOrDefault(table), null, UnloadedPackage.State);

        var written = files.Rows.ToDictionary(r => r.Table, r => r.Rows, StringComparer.Ordinal);
        foreach (var (table, _) in _rows.Where(r => r.Value != written.GetValueOrDefault(r.Key)))
        {
            long? counted = extracted.TryGetValue(table, out var known) ? known : null;
            throw new RowCountException(table, loadId, counted, written.GetValueOrDefault(table), null, UnloadedPackage.State);
        }
    }

    private static void Increase(Dictionary<string, long> counts, string table, long by) =>
        counts[table] = counts.GetValueOrDefault(table) + by;
}
