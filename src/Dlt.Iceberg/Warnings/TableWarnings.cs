using System.Collections.Concurrent;

namespace Dlt.Iceberg;

/// <summary>Says once for each table what its owner should know after a commit.</summary>
/// <param name="warn">Takes the text.</param>
internal sealed class TableWarnings(Action<string> warn)
{
    private readonly ConcurrentDictionary<(string Table, string Text), bool> _said = new();

    /// <summary>Hands a text on, unless it was handed on for that table before.</summary>
    public void Say(string table, string text)
    {
        if (_said.TryAdd((table, text), true)) warn(text);
    }
}
