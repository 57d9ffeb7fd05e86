using System.Globalization;
using System.Text;

namespace Dlt.Configuration;

/// <summary>A required setting that was not found.</summary>
/// <param name="Sections">Sections of the setting, such as sources, shop.</param>
/// <param name="Field">Key of the setting within its section.</param>
/// <param name="Type">Type of the value.</param>
/// <param name="Trace">Places that were searched.</param>
internal sealed record MissingSetting(IReadOnlyList<string> Sections, string Field, ConfigurationType Type, IReadOnlyList<LookupStep> Trace)
{
    /// <summary>Name in errors: the field, or the field that embeds its record.</summary>
    public string Name { get; init; } = Field;

    /// <summary>Why the setting is required, when it is not always required; otherwise null.</summary>
    public string? Reason { get; init; }

    /// <summary>True when the setting must not be in <c>config.toml</c>.</summary>
    public bool IsSecret { get; init; }

    /// <summary>True when only a destination on AWS needs the setting; a local account does not.</summary>
    public bool IsOfDestination => Sections is ["destination", ..];

    /// <summary>Header of the setting's table, such as <c>[sources.shop]</c>; empty for a key before all tables.</summary>
    public string Header => Sections.Count == 0 ? "" : $"[{string.Join('.', Sections)}]";

    /// <summary>Settings file that the setting belongs in.</summary>
    public string File => IsSecret || IsOfDestination || SecretText.IsSecretName(Field) ? "secrets.toml" : "config.toml";

    /// <summary>Example line for the settings file.</summary>
    public string Line => Field + " = " + Type switch
    {
        ConfigurationType.Integer or ConfigurationType.Double or ConfigurationType.Bool => "…",
        ConfigurationType.Map or ConfigurationType.List => "…",
        _ => "\"…\"",
    };

    /// <summary>Environment variable of the setting.</summary>
    public string Variable => string.Join("__", Sections.Append(Field)).ToUpperInvariant();
}

/// <summary>Creates the error for missing settings: where to set them, and all places that were searched.</summary>
internal sealed class MissingSettings(DltConfiguration configuration, IReadOnlyList<MissingSetting> missing)
{
    /// <summary>Creates the error, with the lines to add by file and table, and the alternatives.</summary>
    /// <param name="hints">Sentences that may explain why the settings are missing.</param>
    public ConfigurationException Error(params IReadOnlyList<string> hints)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Missing {missing.Count} setting(s): ");
        var keys = missing.Select(m => string.Join('.', m.Sections.Append(m.Field)));
        text.Append(string.Join(", ", keys)).Append(". Nothing was run.\n");
        foreach (var field in missing.Where(m => m.Reason is not null))
            text.Append(CultureInfo.InvariantCulture, $"{field.Field} is needed: {field.Reason}.\n");
        foreach (var file in missing.GroupBy(m => Path.Combine(configuration.Context.SettingsFolder, m.File)))
        {
            var state = File.Exists(file.Key) ? "" : " (the file does not exist yet)";
            text.Append(CultureInfo.InvariantCulture, $"Write into {file.Key}{state}:\n");
            foreach (var table in file.GroupBy(m => m.Header))
            {
                if (table.Key.Length > 0) text.Append(CultureInfo.InvariantCulture, $"  {table.Key}\n");
                foreach (var field in table) text.Append(CultureInfo.InvariantCulture, $"  {field.Line}\n");
            }
        }

        text.Append(missing.Count == 1 ? "or set the variable " : "or set the variables ");
        text.Append(string.Join(", ", missing.Select(m => m.Variable)));
        text.Append(missing.Any(m => m.IsOfDestination) ? ", or add --local to run without an AWS account.\n" : ".\n");
        foreach (var hint in hints) text.Append(CultureInfo.InvariantCulture, $"{hint}\n");
        Places(text);
        return new(text.ToString().TrimEnd('\n')) { Fields = [.. missing.Select(m => m.Name)] };
    }

    private void Places(StringBuilder text)
    {
        foreach (var field in missing.Where(m => m.Trace.Count > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"  {field.Field} was looked for, in this order, as\n");
            foreach (var step in field.Trace) text.Append(CultureInfo.InvariantCulture, $"    {step.Provider}: {step.Key}\n");
        }

        foreach (var toml in configuration.Providers.OfType<TomlProvider>())
        {
            foreach (var file in toml.ProbedFiles)
            {
                var state = toml.LoadedFiles.Contains(file) ? "was read" : "does not exist";
                text.Append(CultureInfo.InvariantCulture, $"  {toml.Name}: {file} {state}\n");
            }
        }
    }
}
