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

    public void End()
    {
        if (_counters is not { } counters) return;
        foreach (var (table, _, _) in counters.Tables) Line(counters, table);
        _counters = null;
    }

    private void Line(TableCounters counters, string table)
    {
        var (_, rows, bytes) = counters.Tables.First(t => t.Table == table);
        var size = TableCounters.Size(bytes);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {_step} {table}: {rows:N0} rows{(size.Length == 0 ? "" : ", " + size)}, "
                + $"{counters.Rate(rows)}, {counters.Elapsed.TotalSeconds:0.00} s"));
    }
}
