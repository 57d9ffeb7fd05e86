using System.Collections.Concurrent;
using System.Globalization;

namespace Dlt.Progress;

/// <summary>Counts rows and bytes of one step by table.</summary>
internal sealed class TableCounters(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (long Rows, long Bytes)> _tables = new(StringComparer.Ordinal);
    private readonly long _started = time.GetTimestamp();

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    public void Add(string table, long rows, long bytes) =>
        _tables.AddOrUpdate(table, (rows, bytes), (_, c) => (c.Rows + rows, c.Bytes + bytes));

    public IEnumerable<(string Table, long Rows, long Bytes)> Tables =>
        _tables.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => (t.Key, t.Value.Rows, t.Value.Bytes));

    public string Rate(long rows) =>
        string.Create(CultureInfo.InvariantCulture, $"{rows / Math.Max(Elapsed.TotalSeconds, 0.001):N0} rows/s");

    public static string Size(long bytes) => bytes switch
    {
        0 => "",
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024.0:0.0} MiB"),
    };
}
