using System.Globalization;
using System.Text;

namespace Dlt.Configuration;

/// <summary>A field that must be set and is nowhere.</summary>
/// <param name="Sections">Where one writes it, such as sources, shop.</param>
/// <param name="Field">The key that one writes.</param>
/// <param name="Type">Its type.</param>
/// <param name="Trace">The places that were looked at.</param>
internal sealed record MissingSetting(IReadOnlyList<string> Sections, string Field, ConfigurationType Type, IReadOnlyList<LookupStep> Trace)
{
    /// <summary>As errors list it: the field, or the field that embeds its record.</summary>
    public string Name { get; init; } = Field;

    /// <summary>Why it is needed, where it is not always; null otherwise.</summary>
    public string? Reason { get; init; }

    /// <summary>True: it must not stand in <c>config.toml</c>.</summary>
    public bool IsSecret { get; init; }

    /// <summary>True: without it the destination on AWS cannot be opened, which a local account does not need.</summary>
    public bool IsOfDestination => Sections is ["destination", ..];

    /// <summary>The header of its table: <c>[sources.shop]</c>; empty for a key that stands before all tables.</summary>
    public string Header => Sections.Count == 0 ? "" : $"[{string.Join('.', Sections)}]";

    /// <summary>The file where it belongs.</summary>
    public string File => IsSecret || IsOfDestination || SecretText.IsSecretName(Field) ? "secrets.toml" : "config.toml";

    /// <summary>The line that sets it.</summary>
    public string Line => Field + " = " + Type switch
    {
        ConfigurationType.Integer or ConfigurationType.Double or ConfigurationType.Bool => "…",
        ConfigurationType.Map or ConfigurationType.List => "…",
        _ => "\"…\"",
    };

    /// <summary>The variable that sets it.</summary>
    public string Variable => string.Join("__", Sections.Append(Field)).ToUpperInvariant();
}

/// <summary>Says of missing fields where to write them, and then every place that was looked at.</summary>
internal sealed class MissingSettings(DltConfiguration configuration, IReadOnlyList<MissingSetting> missing)
{
    /// <summary>The lines that set them, by file and table, and the ways around.</summary>
    /// <param name="hints">Sentences that may tell why they are missing.</param>
    public ConfigurationException Error(params IReadOnlyList<string> hints)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Missing {missing.Count} setting(s): ");
        text.Append(string.Join(", ", missing.Select(m => string.Join('.', m.Sections.Append(m.Field))))).Append(". Nothing was run.\n");
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
