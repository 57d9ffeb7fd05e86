namespace Dlt.Iceberg;

/// <summary>
/// Divides files into units of about the size of a row group: a row group stays one, small ones are joined and large ones are divided.
/// </summary>
/// <param name="rowGroupBytes">Number of bytes at which a row group ends.</param>
internal sealed class RewriteUnits(long rowGroupBytes)
{
    private const long MostBytes = 64L << 20;

    private readonly long _mostBytes = Math.Min(rowGroupBytes, MostBytes);
    private List<RewriteSegment> _waiting = [];
    private PartitionKey? _partition;
    private long _bytes;
    private int _rows;

    /// <summary>Adds a file.</summary>
    /// <returns>The units that are complete. Rows that do not fill a unit wait for the next file or for <see cref="Flush"/>.</returns>
    public IEnumerable<RewriteUnit> Add(ColumnFile file, RewriteSource source, PartitionKey partition)
    {
        var isOfOthers = _waiting.Count > 0 && (!_partition!.Equals(partition) || !ReferenceEquals(_waiting[0].Values, source.Values));
        if (isOfOthers)
            foreach (var unit in Flush()) yield return unit;
        _partition = partition;
        var first = 0L;
        for (var group = 0; group < file.Footer.RowGroups.Count; group++)
        {
            foreach (var segment in Segments(file, group, first, source))
            {
                if (_rows > 0 && (_rows + segment.KeptRows > RowGroupLimit.Rows || _bytes + segment.Bytes > _mostBytes))
                    foreach (var unit in Flush()) yield return unit;
                _waiting.Add(segment);
                _rows += segment.KeptRows;
                _bytes += segment.Bytes;
            }

            first += file.Footer.RowGroups[group].Rows;
        }
    }

    /// <summary>Returns the rows that wait, as a unit; none if no row waits.</summary>
    public IEnumerable<RewriteUnit> Flush()
    {
        if (_waiting.Count == 0) yield break;
        var unit = new RewriteUnit(_partition!, _waiting);
        (_waiting, _rows, _bytes) = ([], 0, 0);
        yield return unit;
    }

    private IEnumerable<RewriteSegment> Segments(ColumnFile file, int group, long first, RewriteSource source)
    {
        var rowGroup = file.Footer.RowGroups[group];
        var bytes = rowGroup.Columns.Sum(c => c.UncompressedBytes);
        var most = bytes <= _mostBytes && rowGroup.Rows <= RowGroupLimit.Rows * 2L
            ? (int)rowGroup.Rows : Math.Clamp((int)(_mostBytes / Math.Max(1, bytes / rowGroup.Rows)), 1, RowGroupLimit.Rows);
        for (var from = 0; from < rowGroup.Rows; from += most)
        {
            var rows = (int)Math.Min(most, rowGroup.Rows - from);
            var kept = source.Kept.CountIn(first + from, rows);
            if (kept == 0) continue;
            var bits = kept == rows ? null : source.Kept.Slice(first + from, rows);
            yield return new(file, group, from, rows)
            {
                Kept = bits,
                KeptRows = kept,
                Values = source.Values,
                Changed = source.Changed?.HasAny(first + from, rows) == true ? ChangedOf(source, first + from, rows, kept) : null,
            };
        }
    }

    /// <summary>The changed rows, counted by the rows that are kept.</summary>
    private static ulong[] ChangedOf(RewriteSource source, long from, int rows, int kept)
    {
        var changed = new ulong[(kept + 63) / 64];
        var at = 0;
        for (var row = 0; row < rows; row++)
        {
            if (!source.Kept.Contains(from + row)) continue;
            if (source.Changed!.Contains(from + row)) changed[at >> 6] |= 1UL << (at & 63);
            at++;
        }

        return changed;
    }
}
