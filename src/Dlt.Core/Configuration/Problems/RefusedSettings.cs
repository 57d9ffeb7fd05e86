using System.Collections.Immutable;

namespace Dlt.Configuration;

/// <summary>An unsupported setting that must not be ignored.</summary>
/// <param name="Field">Dotted name of the setting.</param>
/// <param name="Text">The problem and the place of the setting, without its value.</param>
/// <param name="Stops">Operations that must not run.</param>
internal sealed record RefusedSetting(string Field, string Text, Stops Stops)
{
    /// <summary>Place of the setting in brackets after a space; empty when unknown.</summary>
    public string Place { get; init; } = "";

    /// <summary>True when the setting is in a section where no program reads it.</summary>
    public bool IsMisplaced { get; init; }

    /// <summary>True when the setting also stops operations on a local account.</summary>
    public bool StopsLocally { get; init; }
}

/// <summary>The settings of a run that must not be ignored.</summary>
internal sealed class RefusedSettings(IEnumerable<RefusedSetting> settings)
{
    private readonly ImmutableArray<RefusedSetting> _settings = [.. settings];

    public static RefusedSettings None { get; } = new([]);

    /// <summary>Throws when a setting forbids an operation.</summary>
    /// <exception cref="ConfigurationException">A setting forbids the operation. The message lists all such settings.</exception>
    public void Check(Stops what)
    {
        var stopping = _settings.Where(s => (s.Stops & what) != 0).ToList();
        if (stopping.Count == 0) return;
        var remedy = stopping.TrueForAll(s => s.IsMisplaced) ? "Move the setting there, or remove it."
            : stopping.Exists(s => s.IsMisplaced) ? "Remove the setting if you do not need it."
            : "Remove the setting if you do not need it, or run with Python dlt, which supports it.";
        var settings = string.Join("\n", stopping.Select(s => s.Text));
        throw new ConfigurationException($"{settings}\nNothing was run and nothing was written. {remedy}")
        {
            Fields = [.. stopping.Select(s => s.Field)],
        };
    }

    /// <summary>
    /// Returns the settings that also stop a local account, and one warning for all other settings; null when there are none.
    /// </summary>
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

    /// <summary>Returns the names of the settings.</summary>
    public override string ToString() => string.Join(", ", _settings.Select(s => s.Field));
}
