namespace Dlt.Configuration;

/// <summary>Hands a warning on once, however often the settings are read.</summary>
internal sealed class OnceWarnings(Action<string> warn)
{
    private readonly HashSet<string> _given = new(StringComparer.Ordinal);

    public void Warn(string text)
    {
        lock (_given)
            if (!_given.Add(text)) return;
        warn(text);
    }
}
