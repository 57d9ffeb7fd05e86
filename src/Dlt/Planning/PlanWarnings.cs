using System.Collections.Immutable;

namespace Dlt.Planning;

/// <summary>The warnings of a plan, each once. Several threads add them.</summary>
internal sealed class PlanWarnings
{
    private readonly Lock _lock = new();
    private readonly List<string> _warnings = [];

    /// <summary>Adds a warning.</summary>
    public void Add(string warning)
    {
        lock (_lock)
        {
            if (!_warnings.Contains(warning)) _warnings.Add(warning);
        }
    }

    /// <summary>The warnings so far.</summary>
    public ImmutableArray<string> All
    {
        get
        {
            lock (_lock) return [.. _warnings];
        }
    }

    /// <summary>Does something whose warnings are not those of the run.</summary>
    public void Unheard(Action action)
    {
        var before = All.Length;
        action();
        lock (_lock) _warnings.RemoveRange(before, _warnings.Count - before);
    }
}
