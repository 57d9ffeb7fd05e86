using System.Collections.Concurrent;

namespace Dlt.Iceberg;

/// <summary>Sends each warning about a table once.</summary>
/// <param name="warn">Receives the text of a warning.</param>
internal sealed class TableWarnings(Action<string> warn)
{
    private readonly ConcurrentDictionary<(string Table, string Text), bool> _sent = new();

    /// <summary>Sends a warning, unless it was already sent for the table.</summary>
    public void Send(string table, string text)
    {
        if (_sent.TryAdd((table, text), true)) warn(text);
    }
}
