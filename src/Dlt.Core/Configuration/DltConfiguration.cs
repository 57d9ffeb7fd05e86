using System.Globalization;
using Dlt.Configuration;
using Dlt.Json;

namespace Dlt;

/// <summary>One step of a look-up, for messages and traces.</summary>
/// <param name="Provider">Who was asked.</param>
/// <param name="Key">For what.</param>
/// <param name="IsHit">True: it was there.</param>
/// <param name="Rank">Order of the provider in the look-up; the pipeline's own settings come first.</param>
internal sealed record LookupStep(string Provider, string Key, bool IsHit, int Rank = 0)
{
    /// <summary>The file or variable where it was there; null for a step that found nothing.</summary>
    public string? Location { get; init; }
}

/// <summary>The configuration of a run: providers in their order (dlt documentation, Configuration).</summary>
public sealed class DltConfiguration
{
    private readonly List<IConfigurationProvider> _providers;

    internal DltConfiguration(IEnumerable<IConfigurationProvider> providers, RunContext context, SettingsLog? log = null)
    {
        _providers = [.. providers];
        Context = context;
        Log = log;
    }

    /// <summary>Gets every setting that is found; null for nobody.</summary>
    internal SettingsLog? Log { get; }

    /// <summary>A copy whose findings are noted.</summary>
    internal DltConfiguration LoggedTo(SettingsLog log) => new(_providers, Context, log);

    /// <summary>Folders and environment.</summary>
    public RunContext Context { get; }

    /// <summary>Providers in the order they are asked.</summary>
    public IReadOnlyList<IConfigurationProvider> Providers => _providers;

    /// <summary>Environment, <c>secrets.toml</c>, <c>config.toml</c>; arguments in code come before all of them.</summary>
    /// <exception cref="ConfigurationException">A file is not TOML.</exception>
    public static DltConfiguration Load(RunContext? context = null)
    {
        context ??= RunContext.Current();
        return new(
            [
                new EnvironmentProvider(context.Environment),
                new TomlProvider("secrets.toml", supportsSecrets: true, context.SettingsFiles("secrets.toml")),
                new TomlProvider("config.toml", supportsSecrets: false, context.SettingsFiles("config.toml")),
            ],
            context);
    }

    /// <summary>A copy that asks one more provider, after the others.</summary>
    public DltConfiguration With(IConfigurationProvider provider) => new(_providers.Append(provider), Context, Log);

    /// <summary>
    /// A setting by its dotted key, with its type: that of the TOML file, or the one that a text of the environment looks like (<c>5</c>,
    /// <c>true</c>, <c>[1,2]</c>).
    /// </summary>
    /// <exception cref="ConfigurationException">It is nowhere; the message tells where it was looked for.</exception>
    public JsonValue this[string dottedKey]
    {
        get
        {
            var parts = dottedKey.Split('.');
            var trace = new List<LookupStep>();
            var value = Find(parts[^1], [parts[..^1]], null, isSecret: false, trace);
            var missing = new MissingSetting(parts[..^1], parts[^1], ConfigurationType.Text, trace) { Name = dottedKey };
            if (value is null) throw new MissingSettings(this, [missing]).Error();
            return trace[^1].Provider == EnvironmentProvider.ProviderName ? ConfigurationValues.Guess(value) : value;
        }
    }

    /// <summary>
    /// A text setting by its dotted key, such as <c>sources.chess.base_url</c>; sections are dropped from the right as for any field.
    /// </summary>
    /// <returns>Null when it is nowhere.</returns>
    public string? GetString(string dottedKey, string? pipelineName = null)
    {
        var parts = dottedKey.Split('.');
        var value = Find(parts[^1], SectionPaths(parts[..^1], [], null), pipelineName, isSecret: false, null);
        return value is null or { Kind: JsonKind.Null } ? null : value.Kind == JsonKind.String ? value.AsString() : value.ToString();
    }

    /// <summary>An integer setting by its dotted key.</summary>
    /// <exception cref="ConfigurationException">The value is no integer.</exception>
    public long? GetInteger(string dottedKey, string? pipelineName = null)
    {
        if (GetString(dottedKey, pipelineName) is not { } text) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new ConfigurationException($"'{dottedKey}' is {SecretText.Shown(dottedKey, text)}, which is not an integer. "
                + $"Correct it and run again.") { Fields = [dottedKey] };
    }

    /// <summary>A number by its dotted key.</summary>
    /// <exception cref="ConfigurationException">The value is no number.</exception>
    public double? GetDouble(string dottedKey, string? pipelineName = null)
    {
        if (GetString(dottedKey, pipelineName) is not { } text) return null;
        return ConfigurationValues.TryCoerce(JsonValue.String(text), ConfigurationType.Double, out var number)
            ? number.AsDouble()
            : throw new ConfigurationException($"'{dottedKey}' is {SecretText.Shown(dottedKey, text)}, which is not a number. Correct "
                + "it and run again.") { Fields = [dottedKey] };
    }

    /// <summary>A boolean setting by its dotted key.</summary>
    /// <exception cref="ConfigurationException">The value is no boolean.</exception>
    public bool? GetBool(string dottedKey, string? pipelineName = null)
    {
        if (GetString(dottedKey, pipelineName) is not { } text) return null;
        return ConfigurationValues.TryCoerce(JsonValue.String(text), ConfigurationType.Bool, out var flag)
            ? flag.AsBool()
            : throw new ConfigurationException($"'{dottedKey}' is {SecretText.Shown(dottedKey, text)}, which is not true or false. "
                + "Correct it and run again.") { Fields = [dottedKey] };
    }

    /// <summary>The paths of sections that are tried for a field, the most specific first (docs/spec/pipeline.md 11.2).</summary>
    /// <param name="explicitSections">Such as destination, athena.</param>
    /// <param name="embedded">Names under which records are embedded, such as credentials.</param>
    /// <param name="own">The section that the record owns; it stays at the end of every path.</param>
    internal static List<string[]> SectionPaths(IReadOnlyList<string> explicitSections, IReadOnlyList<string> embedded, string? own)
    {
        string[] all = [.. explicitSections, .. embedded];
        string[] tail = own is null ? [] : [own];
        var paths = new List<string[]>();
        for (var length = all.Length; length >= 0; length--)
            if (length > 0 || tail.Length == 0 || own is not null) paths.Add([.. all[..length], .. tail]);
        if (explicitSections is ["sources", var module, var name] && module != name && embedded.Count == 0)
            paths.Insert(2, ["sources", name, .. tail]);
        return paths;
    }

    /// <summary>
    /// The first value: for the pipeline's name as outermost section, then without it; providers are the outer loop, paths the inner one.
    /// </summary>
    /// <exception cref="ConfigurationException">A secret stands in a provider that must not hold one.</exception>
    internal JsonValue? Find(
        string field, IReadOnlyList<string[]> paths, string? pipelineName, bool isSecret, List<LookupStep>? trace,
        AskedSetting? asked = null)
    {
        string?[] scopes = pipelineName is null ? [null] : [pipelineName, null];
        var rank = 0;
        foreach (var scope in scopes)
        {
            foreach (var provider in _providers)
            {
                rank++;
                if (provider.IsEmpty) continue;
                foreach (var path in paths)
                {
                    string[] sections = scope is null ? path : [scope, .. path];
                    var value = provider.Find(field, sections, isSecret);
                    trace?.Add(new(provider.Name, provider.KeyOf(field, sections), value is not null, rank)
                    {
                        Location = value is null ? null : provider.LocationOf(field, sections),
                    });
                    if (value is null) continue;
                    if (isSecret && !provider.SupportsSecrets)
                    {
                        throw new ConfigurationException(
                            $"'{provider.KeyOf(field, sections)}' is a secret, but it stands in {provider.Name} "
                            + $"({provider.LocationOf(field, sections)}). Move it to secrets.toml or to the environment variable "
                            + $"{Upper(field, sections)}.")
                        { Fields = [field], File = provider.LocationOf(field, sections) };
                    }

                    if (Log is { } log)
                    {
                        var found = new FoundSetting(field, [.. sections], value, provider.Name)
                        {
                            IsSecret = isSecret || asked is { IsEmbedded: true }, Default = asked?.Default, Record = asked?.Record,
                            Location = provider.LocationOf(field, sections),
                        };
                        log.Add(found, isSecretPlace: provider.Name == TomlProvider.Secrets);
                    }

                    return value;
                }
            }
        }

        return null;
    }

    private static string Upper(string field, IEnumerable<string> sections) => string.Join("__", sections.Append(field)).ToUpperInvariant();
}
