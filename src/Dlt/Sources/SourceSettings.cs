using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization.Metadata;
using System.Text.Json.Serialization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Dlt.Configuration;
using Dlt.Sources;
using Dlt.Types;

namespace Dlt;

/// <summary>
/// Reads the settings of a source, like the injected function arguments of Python dlt (dlt documentation, Configuration). A setting is read
/// from the sections <c>sources.&lt;section&gt;.&lt;source&gt;</c>, <c>sources.&lt;section&gt;</c>, <c>sources.&lt;source&gt;</c>,
/// <c>sources</c> and the top level of environment variables, <c>secrets.toml</c> and <c>config.toml</c>, each also below the pipeline's
/// name.
/// </summary>
/// <param name="configuration">Configuration that contains the settings.</param>
/// <param name="source">Name of the source.</param>
/// <param name="section">Module of the source in Python dlt; null for the name of the source.</param>
/// <param name="pipelineName">Pipeline whose own settings take precedence; null for none.</param>
public sealed partial class SourceSettings(
    DltConfiguration configuration, string source, string? section = null, string? pipelineName = null)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
        // Classes need reflection, which file-based apps disable by default.
        TypeInfoResolver = JsonTypeInfoResolver.Combine(new SettingTypes(), new DefaultJsonTypeInfoResolver()),
    };

    private readonly ConcurrentDictionary<string, bool> _secretPlaces = new(StringComparer.Ordinal);

    /// <summary>Reads a required setting.</summary>
    /// <typeparam name="T">
    /// Type of the setting: a text, number, boolean, instant, date, time of day, time span (a number means seconds), GUID, bytes (base64),
    /// enum (by name), list, dictionary or class, or <see cref="JsonValue"/>.
    /// </typeparam>
    /// <exception cref="ConfigurationException">
    /// The setting does not exist, and the message names every location that was searched; or its value does not have the type.
    /// </exception>
    public T Get<T>(string name) => To<T>(name, Find(FieldOf<T>(name, isSecret: false) with { IsOptional = false }));

    /// <summary>Reads an optional setting; returns <paramref name="defaultValue"/> when it does not exist.</summary>
    /// <exception cref="ConfigurationException">The value does not have the type.</exception>
    [return: NotNullIfNotNull(nameof(defaultValue))]
    public T? Get<T>(string name, T? defaultValue) =>
        Find(FieldOf<T>(name, isSecret: false)) is { IsNull: false } value ? To<T>(name, value)! : defaultValue;

    /// <summary>Reads a required secret, which must not be stored in <c>config.toml</c>.</summary>
    /// <exception cref="ConfigurationException">
    /// The secret does not exist, does not have the type, or is stored in <c>config.toml</c>.
    /// </exception>
    public T GetSecret<T>(string name) => To<T>(name, Find(FieldOf<T>(name, isSecret: true) with { IsOptional = false }));

    private static ConfigurationField FieldOf<T>(string name, bool isSecret)
    {
        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        return new(name, TypeOf(type))
        { IsSecret = isSecret, Allowed = type.IsEnum ? [.. type.GetEnumNames()] : ImmutableArray<string>.Empty };
    }

    private static ConfigurationType TypeOf(Type type)
    {
        if (type.IsEnum) return ConfigurationType.Text;
        if (Types.TryGetValue(type, out var known)) return known;
        var isDictionary = type.GetInterfaces().Append(type)
            .Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IReadOnlyDictionary<,>));
        var isList = type.IsAssignableTo(typeof(System.Collections.IEnumerable)) && !isDictionary;
        return isList ? ConfigurationType.List : ConfigurationType.Map;
    }

    private static readonly FrozenDictionary<Type, ConfigurationType> Types = new Dictionary<Type, ConfigurationType>
    {
        [typeof(string)] = ConfigurationType.Text,
        [typeof(Uri)] = ConfigurationType.Text,
        [typeof(Guid)] = ConfigurationType.Text,
        [typeof(char)] = ConfigurationType.Text,
        [typeof(Version)] = ConfigurationType.Text,
        [typeof(bool)] = ConfigurationType.Bool,
        [typeof(decimal)] = ConfigurationType.Decimal,
        [typeof(double)] = ConfigurationType.Double,
        [typeof(float)] = ConfigurationType.Double,
        [typeof(Half)] = ConfigurationType.Double,
        [typeof(sbyte)] = ConfigurationType.Integer,
        [typeof(byte)] = ConfigurationType.Integer,
        [typeof(short)] = ConfigurationType.Integer,
        [typeof(ushort)] = ConfigurationType.Integer,
        [typeof(int)] = ConfigurationType.Integer,
        [typeof(uint)] = ConfigurationType.Integer,
        [typeof(long)] = ConfigurationType.Integer,
        [typeof(ulong)] = ConfigurationType.Integer,
        [typeof(Int128)] = ConfigurationType.Integer,
        [typeof(UInt128)] = ConfigurationType.Integer,
        [typeof(BigInteger)] = ConfigurationType.Integer,
        [typeof(DateTimeOffset)] = ConfigurationType.Timestamp,
        [typeof(DateTime)] = ConfigurationType.Timestamp,
        [typeof(DateOnly)] = ConfigurationType.Date,
        [typeof(TimeOnly)] = ConfigurationType.Time,
        [typeof(TimeSpan)] = ConfigurationType.Any,
        [typeof(byte[])] = ConfigurationType.Binary,
        [typeof(JsonValue)] = ConfigurationType.Any,
    }.ToFrozenDictionary();

    /// <summary>Names and locations of the secrets that were read, for errors of an API that does not accept them.</summary>
    internal IReadOnlyCollection<string> SecretPlaces => [.. _secretPlaces.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads a required value of the section <c>credentials</c> of the source.</summary>
    /// <exception cref="ConfigurationException">The value does not exist, or a secret is stored in <c>config.toml</c>.</exception>
    internal string OfCredentials(string name, bool isSecret) =>
        Find(FieldOf<string>(name, isSecret) with { IsOptional = false }, [section ?? source, source], "credentials").AsString();

    /// <summary>Reads a value of the section <c>incremental</c> of a resource; null when it does not exist.</summary>
    internal JsonValue? OfIncremental(string resource, string name)
    {
        var field = FieldOf<JsonValue>(name, isSecret: false);
        var resolved = Resolve(field, [source, resource], "incremental");
        if (resolved.Values[name]!.IsNull && section is not null && section != source)
            resolved = Resolve(field, [section, resource], "incremental");
        var found = resolved.Values[name]!;
        if (found.IsNull) return null;
        // Variables have no types: a text that is a number is one.
        var isNumber = found.Kind == JsonKind.String && resolved.ProviderOf(name) == EnvironmentProvider.ProviderName
            && NumberText().IsMatch(found.AsString());
        return isNumber ? JsonValue.Parse(found.AsString()) : found;
    }

    private JsonValue Find(ConfigurationField field) => Find(field, [section ?? source, source], own: null);

    private JsonValue Find(ConfigurationField field, string[] within, string? own)
    {
        var resolved = Resolve(field, within, own);
        if ((field.IsSecret || SecretText.IsSecretName(field.Name)) && resolved.Lookups[field.Name].FindLast(s => s.IsHit) is { } hit)
            _secretPlaces.TryAdd($"'{field.Name}' ({hit.Key} in {hit.Provider})", true);
        return resolved.Values[field.Name]!;
    }

    private ResolvedConfiguration Resolve(ConfigurationField field, string[] within, string? own)
    {
        var spec = new ConfigurationSpec($"source '{source}'", [field]) { Section = own };
        return new ConfigurationResolver(configuration, ["sources", .. within], pipelineName).Resolve(spec);
    }

    [GeneratedRegex("^-?[0-9]+(\\.[0-9]+)?$")]
    private static partial Regex NumberText();

    private T To<T>(string name, JsonValue value)
    {
        if (value is T json) return json;
        if (value.Kind == JsonKind.String && TypedJson.Decode(value.AsString()) is { Type: DataType.Timestamp } time)
        {
            // A time without offset is UTC, regardless of the machine's time zone.
            var utc = DateTimeOffset.UnixEpoch.AddTicks(time.AsTimestamp.UtcMicros * TimeSpan.TicksPerMicrosecond);
            if ((object)utc is T instant) return instant;
            if ((object)utc.UtcDateTime is T day) return day;
        }

        if (typeof(T) == typeof(TimeSpan) || typeof(T) == typeof(TimeSpan?))
        {
            return DurationText.TryParse(value, out var span)
                ? (T)(object)span
                : throw NotOfType("TimeSpan", "Write it as 01:30:00, or as seconds.", null);
        }

        if (typeof(T) == typeof(BigInteger) || typeof(T) == typeof(BigInteger?))
            return (T)(object)BigInteger.Parse(value.ToString(), CultureInfo.InvariantCulture);
        try
        {
            return JsonSerializer.Deserialize<T>(JsonText.Write(TypedJson.ToPlain(value)), Options)!;
        }
        catch (JsonException error)
        {
            throw NotOfType((Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T)).Name, error.Message, error);
        }

        ConfigurationException NotOfType(string type, string why, Exception? inner) =>
            new($"'{name}' of source '{source}' cannot be read as {type}: {why} Nothing was run. Correct the setting and run again.", inner)
            { Fields = [name] };
    }
}
