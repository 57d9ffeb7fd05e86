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

    public void End()
    {
        if (_isShown) inner.End();
    }
}
