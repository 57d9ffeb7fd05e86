using System.Collections.Immutable;
using Dlt.Json;

namespace Dlt.Configuration;

/// <summary>
/// The settings that a run found, for its trace. The values of secrets are kept only to be hidden in texts (<see cref="Hide"/>).
/// </summary>
internal sealed class SettingsLog
{
    private const int ShortestSecret = 4;   // shorter ones are parts of ordinary words
    private const string Hidden = "…";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, FoundSetting> _found = new(StringComparer.Ordinal);
    private readonly HashSet<string> _secrets = new(StringComparer.Ordinal);

    /// <summary>The settings in the order in which they were found first, each once.</summary>
    public ImmutableArray<FoundSetting> Found
    {
        get
        {
            lock (_gate) return [.. _found.Values];
        }
    }

    /// <summary>Notes a setting. A value that is secret by its name, its declaration or its place is not kept.</summary>
    /// <param name="setting">The setting, with its value.</param>
    /// <param name="isSecretPlace">True: it stands in a place for secrets, such as <c>secrets.toml</c>.</param>
    public void Add(FoundSetting setting, bool isSecretPlace)
    {
        var isSecret = setting.IsSecret || SecretText.IsSecretName(setting.Key);
        lock (_gate)
        {
            if (isSecret && setting.Value is { Kind: JsonKind.String } secret && secret.AsString().Length >= ShortestSecret)
                _secrets.Add(secret.AsString());
            _found[string.Join('.', setting.Sections.Append(setting.Key))] = setting with
            {
                IsSecret = isSecret, Value = isSecret || isSecretPlace ? null : Shown(setting.Value), Default = Shown(setting.Default),
            };
        }
    }

    /// <summary>A text without the secrets that were found, such as the message of an error.</summary>
    public string Hide(string text)
    {
        lock (_gate)
        {
            foreach (var secret in _secrets.OrderByDescending(s => s.Length))
                text = text.Replace(secret, Hidden, StringComparison.Ordinal);
        }

        return text;
    }

    /// <summary>Tables and lists may hold secrets under names that nothing declares.</summary>
    private static JsonValue? Shown(JsonValue? value) => value?.Kind switch
    {
        null or JsonKind.Null or JsonKind.Object or JsonKind.Array => null,
        JsonKind.String => JsonValue.String(SafeUrl.Of(value.AsString())),
        _ => value,
    };
}

/// <summary>A setting that was found.</summary>
/// <param name="Key">Its name, without sections.</param>
/// <param name="Sections">The sections under which it was found, outermost first.</param>
/// <param name="Value">Its value; null where that may be a secret.</param>
/// <param name="Provider">Name of the provider, such as <c>config.toml</c>.</param>
internal sealed record FoundSetting(string Key, ImmutableArray<string> Sections, JsonValue? Value, string Provider)
{
    /// <summary>True: it is secret by its name or its declaration.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The value that it would have without the provider; null for none.</summary>
    public JsonValue? Default { get; init; }

    /// <summary>The configuration record that asked for it, by dlt's name; null where code asked by a dotted key.</summary>
    public string? Record { get; init; }

    /// <summary>The file or variable that it stands in; null where the provider names none.</summary>
    public string? Location { get; init; }
}

/// <summary>Who asked for a setting.</summary>
/// <param name="Record">The configuration record, by dlt's name.</param>
/// <param name="Default">The value that the field has when nobody sets one; null for none.</param>
/// <param name="IsEmbedded">True: the field stands for a record of its own, such as credentials, given as one value.</param>
internal readonly record struct AskedSetting(string Record, JsonValue? Default, bool IsEmbedded);
