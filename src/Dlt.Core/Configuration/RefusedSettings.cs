using System.Collections.Immutable;

namespace Dlt.Configuration;

/// <summary>One setting that cannot be obeyed and whose neglect would do harm.</summary>
/// <param name="Field">Its dotted name.</param>
/// <param name="Text">What is wrong and where it stands, without its value.</param>
/// <param name="Stops">What must not run.</param>
internal sealed record RefusedSetting(string Field, string Text, Stops Stops)
{
    /// <summary>Where it stands, in brackets after a space; empty where nobody knows.</summary>
    public string Place { get; init; } = "";

    /// <summary>True: it stands where neither dlt nor anybody else reads it.</summary>
    public bool IsMisplaced { get; init; }

    /// <summary>True: it stops also on a local account.</summary>
    public bool StopsLocally { get; init; }
}

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
        var otherwise = stopping.Exists(s => s.IsMisplaced) ? "." : ", or run with Python dlt, which obeys it.";
        throw new ConfigurationException(
            string.Join("\n", stopping.Select(s => s.Text)) + "\nNothing was run and nothing was written. Remove the setting where "
                + "that is what you want" + otherwise) { Fields = [.. stopping.Select(s => s.Field)] };
    }

    /// <summary>Those that stop on a local account, and one warning for the others; null where there are none.</summary>
    public (RefusedSettings Refused, string? Warning) OnLocalAccount()
    {
        var others = _settings.Where(s => !s.StopsLocally).ToList();
        var names = string.Join(", ", others.Select(s => $"'{s.Field}'{s.Place}"));
        string? warning = others.Count switch
        {
            0 => null,
            1 => $"{names} has no effect on a local account, and stops the load on AWS.",
            _ => $"{names} have no effect on a local account, and stop the load on AWS.",
        };
        return (new(_settings.Where(s => s.StopsLocally)), warning);
    }

    /// <summary>The names.</summary>
    public override string ToString() => string.Join(", ", _settings.Select(s => s.Field));
}
