using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Dlt.Progress;

/// <summary>Shows a table of counts on standard error and redraws it while a step runs.</summary>
internal sealed class LiveProgress : IProgressDisplay
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
    private TableCounters? _counters;
    private CancellationTokenSource? _stop;
    private Task _drawing = Task.CompletedTask;

    public void Begin(string step, string what)
    {
        var counters = _counters = new TableCounters(TimeProvider.System);
        var stop = _stop = new CancellationTokenSource();
        _drawing = Task.Run(() => _console.Live(Draw(step, what, counters)).StartAsync(async live =>
        {
            while (!stop.IsCancellationRequested)
            {
                live.UpdateTarget(Draw(step, what, counters));
                await Task.Delay(Period, stop.Token)
                    .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)
                    .ConfigureAwait(false);
            }

            live.UpdateTarget(Draw(step, what, counters));
        }));
    }

    public void Add(string table, long rows, long bytes = 0) => _counters?.Add(table, rows, bytes);

    public void Advance(string table, long done, long? total) => _counters?.Advance(table, done, total);

    public bool Wait(string reason, TimeSpan time)
    {
        if (_counters is not { } counters) return false;
        counters.Wait(reason, time);
        return true;
    }

    /// <summary>Writes the line above the table, which is drawn again below it.</summary>
    public bool Tell(string line)
    {
        if (_counters is null) return false;
        _console.WriteLine(line);
        return true;
    }

    public void End()
    {
        if (_counters?.WaitSummary is { Length: > 0 } waits) Tell("  " + waits);
        _stop?.Cancel();
        Task.WaitAny([_drawing], TimeSpan.FromSeconds(2));   // a display that failed does not fail the run
        if (_drawing.IsCompleted) _stop?.Dispose();
        _stop = null;
        _counters = null;
    }

    internal static IRenderable Draw(string step, string what, TableCounters counters)
    {
        var table = new Spectre.Console.Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumn("name").AddColumn(new TableColumn("rows").RightAligned()).AddColumn(new TableColumn("size").RightAligned())
            .AddColumn(new TableColumn("rate").RightAligned()).AddColumn("rest");
        table.AddRow(new Markup($"[bold]{Markup.Escape(step)}[/] {Markup.Escape(what)}"), Text.Empty, Text.Empty,
            new Text(string.Create(CultureInfo.InvariantCulture, $"{counters.Elapsed.TotalSeconds:0.0} s")), Text.Empty);
        foreach (var count in counters.Tables)
        {
            table.AddRow("  " + Markup.Escape(count.Table), string.Create(CultureInfo.InvariantCulture, $"{count.Rows:N0} rows"),
                TableCounters.Size(count.Bytes), counters.Rate(count.Rows), counters.Remaining(count));
        }

        if (counters.CurrentWait is not { } wait) return table;
        var line = string.Create(CultureInfo.InvariantCulture, $"  waiting {wait.Left.TotalSeconds:0.0} s: {wait.Reason}");
        return new Rows(table, new Text(line) { Overflow = Overflow.Ellipsis });
    }
}
