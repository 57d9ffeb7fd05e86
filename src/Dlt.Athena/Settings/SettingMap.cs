using Dlt.Configuration;
using Dlt.Internal;

namespace Dlt.Destinations.Settings;

/// <summary>Reads the members of a map among the settings. Errors name the member with its path, and never show its value.</summary>
/// <param name="path">Dotted name of the map.</param>
/// <param name="map">The map; null for none.</param>
internal sealed class SettingMap(string path, JsonValue? map)
{
    private const int MostOfWhole = 1_000_000;

    private readonly JsonValue _map = map is { Kind: JsonKind.Object } ? map : JsonValue.EmptyObject;

    /// <summary>Dotted name of a member.</summary>
    public string NameOf(string key) => $"{path}.{key}";

    /// <summary>Returns a member as it is; null for none.</summary>
    public JsonValue? Raw(string key) => _map[key] is { IsNull: false } raw ? raw : null;

    /// <summary>Reads a text, or a number as text; null for none.</summary>
    /// <exception cref="ConfigurationException">The value is neither.</exception>
    public string? Text(string key) => Value(key, ConfigurationType.Text, "a text")?.AsString();

    /// <summary>Reads a text that must be one of a list; null for none.</summary>
    /// <exception cref="ConfigurationException">The value is not in the list.</exception>
    public string? Choice(string key, IReadOnlyList<string> allowed)
    {
        if (Text(key) is not { } text) return null;
        return allowed.Contains(text) ? text : throw new ConfigurationException(
            $"{NameOf(key)} is '{text}'; allowed are {string.Join(", ", allowed)}. Nothing was run.{NearestName.Hint(text, allowed)}")
        { Fields = [NameOf(key)] };
    }

    /// <summary>Reads a boolean; null for none.</summary>
    /// <exception cref="ConfigurationException">The value is not a boolean.</exception>
    public bool? Bool(string key) => Value(key, ConfigurationType.Bool, "true or false")?.AsBool();

    /// <summary>Reads a number above zero; null for none.</summary>
    /// <exception cref="ConfigurationException">The value is not such a number.</exception>
    public double? Positive(string key)
    {
        if (Value(key, ConfigurationType.Double, "a number above 0") is not { } value) return null;
        return value.AsDouble() > 0 ? value.AsDouble() : throw Wrong(key, "a number above 0");
    }

    /// <summary>Reads a whole number up to a million; null for none.</summary>
    /// <param name="key">Name of the member.</param>
    /// <param name="least">The smallest number that is allowed.</param>
    /// <exception cref="ConfigurationException">The value is not such a number.</exception>
    public int? Whole(string key, int least)
    {
        var wanted = $"a whole number from {least}";
        if (Value(key, ConfigurationType.Integer, wanted) is not { } value) return null;
        return value.AsInt64() is var number && number >= least && number <= MostOfWhole ? (int)number : throw Wrong(key, wanted);
    }

    /// <summary>Reads an inner map; null for none.</summary>
    /// <exception cref="ConfigurationException">The value is not a map.</exception>
    public JsonValue? Map(string key) => Value(key, ConfigurationType.Map, "a map");

    /// <summary>Refuses members that nothing reads.</summary>
    /// <param name="known">Names of the members that have an effect.</param>
    /// <exception cref="ConfigurationException">A member is unknown.</exception>
    public void Only(IReadOnlyList<string> known)
    {
        foreach (var (key, value) in _map.Members)
        {
            if (known.Contains(key) || value.IsNull) continue;
            throw new ConfigurationException($"{NameOf(key)} is not supported. Nothing was run.{NearestName.Hint(key, known)} Supported "
                + $"are {string.Join(", ", known)}; remove it if you do not need it.")
            { Fields = [NameOf(key)] };
        }
    }

    /// <summary>The error for a member whose value does not fit.</summary>
    public ConfigurationException Wrong(string key, string wanted) =>
        new($"{NameOf(key)} is not {wanted}. Nothing was run. Correct it and run again.") { Fields = [NameOf(key)] };

    private JsonValue? Value(string key, ConfigurationType type, string wanted)
    {
        if (Raw(key) is not { } raw) return null;
        return ConfigurationValues.TryCoerce(raw, type, out var value) ? value : throw Wrong(key, wanted);
    }
}
