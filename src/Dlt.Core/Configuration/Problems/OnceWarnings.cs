namespace Dlt.Configuration;

/// <summary>Forwards each warning once, no matter how often the settings are read.</summary>
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
