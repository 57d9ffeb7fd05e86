using System.Globalization;

namespace Dlt.Progress;

/// <summary>
/// Writes lines for a pipe or log file: one when a step begins, one per table when it ends, and one every five seconds in between.
/// </summary>
internal sealed class PlainProgress(TextWriter output, TimeProvider time) : IProgressDisplay
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private TableCounters? _counters;
    private string _step = "";
    private TimeSpan _nextLine;

    public void Begin(string step, string what)
    {
        _step = step;
        _counters = new TableCounters(time);
        _nextLine = Period;
        output.WriteLine($"{step} {what}");
    }

    public void Add(string table, long rows, long bytes = 0)
    {
        if (_counters is not { } counters) return;
        counters.Add(table, rows, bytes);
        if (counters.Elapsed < _nextLine) return;
        _nextLine = counters.Elapsed + Period;
        Line(counters, table);
    }

    public void Advance(string table, long done, long? total) => _counters?.Advance(table, done, total);

    public bool Wait(string reason, TimeSpan time)
    {
        _counters?.Wait(reason, time);
        return false;   // a long wait gets its own line from the run
    }

    public void End()
    {
        if (_counters is not { } counters) return;
        foreach (var table in counters.Tables) Line(counters, table.Table, isEnd: true);
        if (counters.WaitSummary is { Length: > 0 } waits) output.WriteLine($"  {_step}: {waits}");
        _counters = null;
    }

    private void Line(TableCounters counters, string table, bool isEnd = false)
    {
        var count = counters[table];
        var size = TableCounters.Size(count.Bytes);
        var remaining = isEnd ? "" : counters.Remaining(count);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {_step} {table}: {count.Rows:N0} rows{(size.Length == 0 ? "" : ", " + size)}, "
                + $"{counters.Rate(count.Rows)}, {counters.Elapsed.TotalSeconds:0.00} s{(remaining.Length == 0 ? "" : ", " + remaining)}"));
    }
}
