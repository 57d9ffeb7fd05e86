using System.Collections.Concurrent;
using System.Globalization;

namespace Dlt.Progress;

/// <summary>Counts rows, bytes, remaining work and waits of one step by table.</summary>
internal sealed class TableCounters(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, TableCount> _tables = new(StringComparer.Ordinal);
    private readonly long _started = time.GetTimestamp();
    private readonly Lock _waitLock = new();
    private (string Reason, long Began, TimeSpan Time)? _wait;

    public TimeSpan Elapsed => time.GetElapsedTime(_started);

    /// <summary>Number of waits so far.</summary>
    public int Waits { get; private set; }

    /// <summary>Time of all waits together; several requests may wait at once.</summary>
    public TimeSpan Waited { get; private set; }

    public IEnumerable<TableCount> Tables => _tables.OrderBy(t => t.Key, StringComparer.Ordinal).Select(t => t.Value);

    public TableCount this[string table] => _tables.GetValueOrDefault(table) ?? new(table);

    public void Add(string table, long rows, long bytes) => _tables.AddOrUpdate(
        table,
        name => new(name) { Rows = rows, Bytes = bytes },
        (_, c) => c with { Rows = c.Rows + rows, Bytes = c.Bytes + bytes });

    public void Advance(string table, long done, long? total) => _tables.AddOrUpdate(
        table,
        name => new(name) { Done = done, Total = total },
        (_, c) => c with { Done = done, Total = total });

    /// <summary>Counts a wait.</summary>
    public void Wait(string reason, TimeSpan wait)
    {
        lock (_waitLock)
        {
            Waits++;
            Waited += wait;
            _wait = (reason, time.GetTimestamp(), wait);
        }
    }

    /// <summary>Reason of the last wait and the rest of its time; null when nothing waits.</summary>
    public (string Reason, TimeSpan Left)? CurrentWait
    {
        get
        {
            lock (_waitLock)
            {
                if (_wait is not { } wait) return null;
                var left = wait.Time - time.GetElapsedTime(wait.Began);
                return left > TimeSpan.Zero ? (wait.Reason, left) : null;
            }
        }
    }

    public string Rate(long rows) =>
        string.Create(CultureInfo.InvariantCulture, $"{rows / Math.Max(Elapsed.TotalSeconds, 0.001):N0} rows/s");

    /// <summary>Share of the work that is done and the time that the rest takes at this pace; empty when the total is not known.</summary>
    public string Remaining(TableCount table)
    {
        if (table.Total is not (> 0 and var total)) return "";
        var share = Math.Clamp(table.Done / (double)total, 0, 1);
        var percent = string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(share * 100):0} %");
        if (share is 0 or 1) return percent;
        return $"{percent}, about {Duration(TimeSpan.FromSeconds(Elapsed.TotalSeconds * (1 - share) / share))} left";
    }

    /// <summary>The waits of the step in one sentence; empty for none.</summary>
    public string WaitSummary => Waits == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture,
        $"{Waits} wait{(Waits == 1 ? "" : "s")} before something was tried again, {Waited.TotalSeconds:0.0} s together");

    public static string Size(long bytes) => bytes switch
    {
        0 => "",
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0 / 1024.0:0.0} MiB"),
    };

    private static string Duration(TimeSpan time) => time switch
    {
        { TotalSeconds: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalSeconds):0} s"),
        { TotalMinutes: < 100 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalMinutes):0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(time.TotalHours):0} h"),
    };
}
