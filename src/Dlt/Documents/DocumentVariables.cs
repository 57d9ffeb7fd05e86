using System.Text;
using System.Text.RegularExpressions;
using Dlt.Configuration;

namespace Dlt.Documents;

/// <summary>
/// Puts values into the texts of a description: <c>${NAME}</c> is an environment variable, <c>${section.name}</c> a setting of the
/// configuration, <c>${NAME:-text}</c> has a default, and <c>$${</c> is a literal <c>${</c>.
/// </summary>
/// <param name="configuration">The configuration, which also hides what is a secret.</param>
internal sealed partial class DocumentVariables(DltConfiguration configuration)
{
    private const string DefaultMark = ":-";

    /// <summary>Returns the description with the values, and notes their places in its origin.</summary>
    /// <exception cref="ConfigurationException">A variable or setting does not exist, or its name is none.</exception>
    public static DocumentNode Replace(DocumentNode root, DltConfiguration configuration) =>
        root with { Value = new DocumentVariables(configuration).Of(root) };

    private JsonValue Of(DocumentNode node) => node.Value.Kind switch
    {
        JsonKind.Object => JsonValue.Object(node.Members().Select(m => KeyValuePair.Create(m.Name, Of(m.Value))).ToList()),
        JsonKind.Array => JsonValue.Array([.. node.Items().Select(Of)]),
        JsonKind.String when node.Text().Contains("${", StringComparison.Ordinal) => JsonValue.String(Of(node, node.Text())),
        _ => node.Value,
    };

    private string Of(DocumentNode node, string text)
    {
        var result = new StringBuilder();
        var at = 0;
        foreach (Match mark in VariableMark().Matches(text))
        {
            result.Append(text, at, mark.Index - at);
            at = mark.Index + mark.Length;
            result.Append(mark.Value == "$${" ? "${" : ValueOf(node, mark.Groups["name"]));
        }

        return result.Append(text, at, text.Length - at).ToString();
    }

    private string ValueOf(DocumentNode node, Group mark)
    {
        if (!mark.Success) throw node.Error("has '${' without its '}'. Write $${ for a literal ${.");
        node.Origin.Variables.Add(node.Place);
        var end = mark.Value.IndexOf(DefaultMark, StringComparison.Ordinal);
        var name = (end < 0 ? mark.Value : mark.Value[..end]).Trim();
        if (!VariableName().IsMatch(name))
        {
            throw node.Error("has '${…}' around a text that is no name. Write ${NAME} for an environment variable, ${section.name} for a "
                + "setting, and $${ for a literal ${.");
        }

        var value = name.Contains('.', StringComparison.Ordinal) ? configuration.GetString(name) : configuration.Context.Environment(name);
        if (string.IsNullOrEmpty(value)) value = end < 0 ? throw Missing(node, name) : mark.Value[(end + DefaultMark.Length)..];
        if (SecretText.IsSecretName(name) || DocumentSecrets.IsSecretName(node.Name))
            configuration.Secrets.Add([], node.Name, JsonValue.String(value), isSecret: true);
        return value;
    }

    private static ConfigurationException Missing(DocumentNode node, string name)
    {
        var parts = name.Split('.');
        return node.Error(parts.Length == 1
            ? $"needs the environment variable {name}, which is not set or empty. Set it, or write ${{{name}:-text}} for a default."
            : $"needs the setting '{name}', which does not exist. Write {parts[^1]} under [{string.Join('.', parts[..^1])}] of "
                + $".dlt/secrets.toml or .dlt/config.toml, or set the environment variable {string.Join("__", parts).ToUpperInvariant()}.");
    }

    [GeneratedRegex(@"\$\$\{|\$\{((?<name>[^{}]*)\})?")]
    private static partial Regex VariableMark();

    [GeneratedRegex(@"^[A-Za-z_][\w-]*(\.[\w-]+)*$")]
    private static partial Regex VariableName();
}
