using Dlt.Internal;

namespace Dlt.Progress;

/// <summary>Shows progress on standard error, unless the log there is JSON: a program that reads it expects nothing else.</summary>
/// <param name="inner">The display.</param>
internal sealed class ProgressWithoutJson(IProgressDisplay inner) : IProgressDisplay
{
    private bool _isShown;

    public void Begin(string step, string what)
    {
        _isShown = !ProgramLog.IsJson;
        if (_isShown) inner.Begin(step, what);
    }

    public void Add(string table, long rows, long bytes = 0)
    {
        if (_isShown) inner.Add(table, rows, bytes);
    }

    public void Advance(string table, long done, long? total)
    {
        if (_isShown) inner.Advance(table, done, total);
    }

    public bool Wait(string reason, TimeSpan time) => _isShown && inner.Wait(reason, time);

    public bool Tell(string line) => _isShown && inner.Tell(line);

    public void End()
    {
        if (_isShown) inner.End();
    }
}
