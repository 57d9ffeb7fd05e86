using System.Collections.Immutable;
using Dlt.Internal;

namespace Dlt.Configuration;

/// <summary>Records the settings that a run finds, for its trace, without the values of secrets.</summary>
internal sealed class SettingsLog
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FoundSetting> _found = new(StringComparer.Ordinal);

    /// <summary>The settings in the order in which they were first found, each once.</summary>
    public ImmutableArray<FoundSetting> Found
    {
        get
        {
            lock (_gate) return [.. _found.Values];
        }
    }

    /// <summary>Records a setting. Does not record the value if its name, its declaration or its place marks it as secret.</summary>
    /// <param name="setting">The setting with its value.</param>
    /// <param name="isSecretPlace">True when the place is for secrets, such as <c>secrets.toml</c>.</param>
    public void Add(FoundSetting setting, bool isSecretPlace)
    {
        var isSecret = setting.IsSecret || SecretText.IsSecretName(setting.Key);
        lock (_gate)
        {
            _found[string.Join('.', setting.Sections.Append(setting.Key))] = setting with
            {
                IsSecret = isSecret,
                Value = isSecret || isSecretPlace ? null : Shown(setting.Value),
                Default = Shown(setting.Default),
            };
        }
    }

    /// <summary>Returns null for tables and lists, because they may contain secrets under undeclared names.</summary>
    private static JsonValue? Shown(JsonValue? value) => value?.Kind switch
    {
        null or JsonKind.Null or JsonKind.Object or JsonKind.Array => null,
        JsonKind.String => JsonValue.String(SafeUrl.Of(value.AsString())),
        _ => value,
    };
}

/// <summary>A setting that a run found.</summary>
/// <param name="Key">Name of the setting, without sections.</param>
/// <param name="Sections">Sections in which it was found, outermost first.</param>
/// <param name="Value">The value; null when it may be a secret.</param>
/// <param name="Provider">Name of the provider, such as <c>config.toml</c>.</param>
internal sealed record FoundSetting(string Key, ImmutableArray<string> Sections, JsonValue? Value, string Provider)
{
    /// <summary>True when its name or its declaration marks it as secret.</summary>
    public bool IsSecret { get; init; }

    /// <summary>Value of the setting without the provider; null when there is none.</summary>
    public JsonValue? Default { get; init; }

    /// <summary>dlt's name of the configuration record that asked for the setting; null when code asked by a dotted key.</summary>
    public string? Record { get; init; }

    /// <summary>File or variable that contains the setting; null when the provider does not report one.</summary>
    public string? Location { get; init; }
}

/// <summary>The configuration record and field that ask for a setting.</summary>
/// <param name="Record">dlt's name of the configuration record.</param>
/// <param name="Default">Default value of the field; null when there is none.</param>
/// <param name="IsEmbedded">True when the field embeds a record, such as credentials, that is given as one value.</param>
internal readonly record struct AskedSetting(string Record, JsonValue? Default, bool IsEmbedded);
