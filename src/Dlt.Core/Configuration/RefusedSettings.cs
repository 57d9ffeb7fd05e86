using System.Collections.Immutable;

namespace Dlt.Configuration;

/// <summary>One setting that cannot be obeyed and whose neglect would do harm.</summary>
/// <param name="Field">Its dotted name.</param>
/// <param name="Text">What is wrong and where it stands, without its value.</param>
/// <param name="Stops">What must not run.</param>
internal sealed record RefusedSetting(string Field, string Text, Stops Stops);

/// <summary>The settings that cannot be obeyed.</summary>
internal sealed class RefusedSettings(IEnumerable<RefusedSetting> settings)
{
    private readonly ImmutableArray<RefusedSetting> _settings = [.. settings];

    public static RefusedSettings None { get; } = new([]);

    /// <summary>Ends what a setting forbids.</summary>
    /// <exception cref="ConfigurationException">There is such a setting; the message names all of them.</exception>
    public void Check(Stops what)
    {
        var stopping = _settings.Where(s => (s.Stops & what) != 0).ToList();
        if (stopping.Count == 0) return;
        throw new ConfigurationException(
            string.Join("\n", stopping.Select(s => s.Text)) + "\nNothing was run and nothing was written. Remove the setting where that is what you want, or run with Python dlt, which obeys it.") { Fields = [.. stopping.Select(s => s.Field)] };
    }

    /// <summary>The names.</summary>
    public override string ToString() => string.Join(", ", _settings.Select(s => s.Field));
}
