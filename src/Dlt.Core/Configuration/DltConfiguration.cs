using System.Globalization;
using Dlt.Configuration;

namespace Dlt;

/// <summary>One step of a lookup, for messages and traces.</summary>
/// <param name="Provider">Name of the provider.</param>
/// <param name="Key">The key that was looked up.</param>
/// <param name="IsHit">True when the provider has the key.</param>
/// <param name="Rank">Position of the provider in the lookup, over all turns. The pipeline's own settings come first.</param>
internal sealed record LookupStep(string Provider, string Key, bool IsHit, int Rank = 0)
{
    /// <summary>File or variable that contains the value; null when nothing was found.</summary>
    public string? Location { get; init; }
}

/// <summary>The configuration of a run: providers in order of precedence (dlt documentation, Configuration).</summary>
public sealed class DltConfiguration
{
    private readonly List<IConfigurationProvider> _providers;

    private DltConfiguration(
        IEnumerable<IConfigurationProvider> providers, RunContext context, SecretRegister secrets, SettingsLog? log)
    {
        _providers = [.. providers];
        Context = context;
        Secrets = secrets;
        Log = log;
    }

    /// <summary>The secrets of the configuration and of its copies, for hiding them in texts.</summary>
    internal SecretRegister Secrets { get; }

    /// <summary>Receives every setting that is found; null when not recorded.</summary>
    internal SettingsLog? Log { get; }

    /// <summary>Returns a copy that records the settings it finds. It shares the register of secrets.</summary>
    internal DltConfiguration LoggedTo(SettingsLog log) => new(_providers, Context, Secrets, log);

    /// <summary>Folders and environment of the run.</summary>
    public RunContext Context { get; }

    /// <summary>Providers in order of precedence.</summary>
    public IReadOnlyList<IConfigurationProvider> Providers => _providers;

    /// <summary>
    /// Loads the configuration from environment variables, <c>secrets.toml</c> and <c>config.toml</c>, in this order. Arguments in code
    /// take precedence.
    /// </summary>
    /// <exception cref="ConfigurationException">A file is not valid TOML.</exception>
    public static DltConfiguration Load(RunContext? context = null)
    {
        context ??= RunContext.Current();
        var secrets = new TomlProvider(TomlProvider.Secrets, supportsSecrets: true, context.SettingsFiles(TomlProvider.Secrets));
        IConfigurationProvider[] providers =
        [
            new EnvironmentProvider(context.Environment),
            secrets,
            new TomlProvider("config.toml", supportsSecrets: false, context.SettingsFiles("config.toml")),
        ];
        return new(providers, context, RegisterOf(secrets, context), log: null);
    }

    /// <summary>
    /// Registers the secrets that are known before any is read. So a secret is also hidden when the program read it through another
    /// configuration object, or from the environment.
    /// </summary>
    private static SecretRegister RegisterOf(TomlProvider secrets, RunContext context)
    {
        var register = new SecretRegister();
        register.AddPlace(secrets.Document);
        foreach (var name in context.EnvironmentNames.Where(n => n.Contains("__", StringComparison.Ordinal)))
        {
            string[] parts = name.ToLowerInvariant().Split("__");
            if (SecretText.IsSecretName(parts[^1]) && context.Environment(name) is { } value)
                register.Add(parts[..^1], parts[^1], JsonValue.String(value), isSecret: false);
        }

        return register;
    }

    /// <summary>Returns a copy with one more provider, which comes last.</summary>
    public DltConfiguration With(IConfigurationProvider provider) => new(_providers.Append(provider), Context, Secrets, Log);

    /// <summary>
    /// Returns a setting by its dotted key. The type is that of the TOML value, or the guessed type of a text from the environment
    /// (<c>5</c>, <c>true</c>, <c>[1,2]</c>).
    /// </summary>
    /// <exception cref="ConfigurationException">The setting does not exist. The message lists the places that were searched.</exception>
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
    /// Returns a text setting by its dotted key, such as <c>sources.chess.base_url</c>. Sections are dropped from the right, as for every
    /// field.
    /// </summary>
    /// <returns>Null when the setting does not exist.</returns>
    public string? GetString(string dottedKey, string? pipelineName = null)
    {
        var parts = dottedKey.Split('.');
        var value = Find(parts[^1], SectionPaths(parts[..^1], [], null), pipelineName, isSecret: false, null);
        return value is null or { Kind: JsonKind.Null } ? null : value.Kind == JsonKind.String ? value.AsString() : value.ToString();
    }

    /// <summary>Returns an integer setting by its dotted key; null when it does not exist.</summary>
    /// <exception cref="ConfigurationException">The value is not an integer.</exception>
    public long? GetInteger(string dottedKey, string? pipelineName = null)
    {
        if (GetString(dottedKey, pipelineName) is not { } text) return null;
        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Wrong(dottedKey, text, "an integer");
    }

    /// <summary>Returns a number by its dotted key; null when it does not exist.</summary>
    /// <exception cref="ConfigurationException">The value is not a number.</exception>
    public double? GetDouble(string dottedKey, string? pipelineName = null)
    {
        if (GetString(dottedKey, pipelineName) is not { } text) return null;
        return ConfigurationValues.TryCoerce(JsonValue.String(text), ConfigurationType.Double, out var number)
            ? number.AsDouble()
            : throw Wrong(dottedKey, text, "a number");
    }

    /// <summary>Returns a boolean setting by its dotted key; null when it does not exist.</summary>
    /// <exception cref="ConfigurationException">The value is not a boolean.</exception>
    public bool? GetBool(string dottedKey, string? pipelineName = null)
    {
        if (GetString(dottedKey, pipelineName) is not { } text) return null;
        return ConfigurationValues.TryCoerce(JsonValue.String(text), ConfigurationType.Bool, out var flag)
            ? flag.AsBool()
            : throw Wrong(dottedKey, text, "true or false");
    }

    private static ConfigurationException Wrong(string dottedKey, string text, string wanted)
    {
        var shown = SecretText.Shown(dottedKey, text);
        return new($"'{dottedKey}' is {shown}, which is not {wanted}. Correct it and run again.") { Fields = [dottedKey] };
    }

    /// <summary>Returns the section paths that are searched for a field, the most specific first (docs/spec/pipeline.md 11.2).</summary>
    /// <param name="explicitSections">Sections of the caller, such as destination, athena.</param>
    /// <param name="embedded">Names of the fields that embed the record, such as credentials.</param>
    /// <param name="own">Section of the record; it is the end of every path.</param>
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

    /// <summary>True when a field is set in exactly this section, also below the pipeline's name.</summary>
    internal bool Has(string field, IReadOnlyList<string> section, string? pipelineName, bool isSecret = false) =>
        _providers.Exists(p => p.Find(field, section, isSecret) is not null
            || (pipelineName is not null && p.Find(field, [pipelineName, .. section], isSecret) is not null));

    /// <summary>
    /// Finds the first value of a field: first below the pipeline's name, then without it. Each provider is searched for all paths before
    /// the next one. A caller that searches some paths before others does it in turns, the first of which is 0.
    /// </summary>
    /// <exception cref="ConfigurationException">A secret is stored in a provider that must not contain secrets.</exception>
    internal JsonValue? Find(
        string field, IReadOnlyList<string[]> paths, string? pipelineName, bool isSecret, List<LookupStep>? trace,
        AskedSetting? asked = null, int turn = 0)
    {
        string?[] scopes = pipelineName is null ? [null] : [pipelineName, null];
        var rank = turn * scopes.Length * _providers.Count;
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
                        var (key, place) = (provider.KeyOf(field, sections), provider.LocationOf(field, sections));
                        throw new ConfigurationException(
                            $"'{key}' is a secret, but it is set in {provider.Name} ({place}). "
                            + $"Move it to secrets.toml or to the environment variable {Upper(field, sections)}.")
                        {
                            Fields = [field],
                            File = place,
                        };
                    }

                    var isSecretPlace = provider.SupportsSecrets && provider is not EnvironmentProvider;
                    if (isSecret || isSecretPlace || asked is { IsEmbedded: true } || SecretText.IsSecretName(field))
                        Secrets.Add(sections, field, value, isSecret);
                    if (Log is { } log)
                    {
                        var found = new FoundSetting(field, [.. sections], value, provider.Name)
                        {
                            IsSecret = isSecret || asked is { IsEmbedded: true },
                            Default = asked?.Default,
                            Record = asked?.Record,
                            Location = provider.LocationOf(field, sections),
                        };
                        log.Add(found, isSecretPlace);
                    }

                    return value;
                }
            }
        }

        return null;
    }

    private static string Upper(string field, IEnumerable<string> sections) => string.Join("__", sections.Append(field)).ToUpperInvariant();
}
