using System.Globalization;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Dlt.SchemaFiles;

/// <summary>Reads and writes JSON values as YAML, the format that dlt writes for people to edit.</summary>
internal static partial class SchemaYaml
{
    public static string Write(JsonValue value)
    {
        using var text = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(ToNode(value))).Save(text, assignAnchors: false);
        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal).TrimEnd('.', '\n') + "\n";
    }

    /// <exception cref="DltException">The text is not YAML; the message names file, line and column.</exception>
    public static JsonValue Read(string text, string path)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 1
                ? ToJson(stream.Documents[0].RootNode)
                : throw new DltException($"{path} holds no schema: it has {stream.Documents.Count} documents. Nothing was loaded. "
                + "Correct the file, or delete it.");
        }
        catch (YamlException error)
        {
            throw new DltException(string.Create(
                CultureInfo.InvariantCulture,
                $"{path} is not YAML: line {error.Start.Line}, column {error.Start.Column}: "
                + $"{error.InnerException?.Message ?? error.Message} Nothing was loaded. Correct the file, or delete it."), error);
        }
    }

    private static YamlNode ToNode(JsonValue value)
    {
        switch (value.Kind)
        {
            case JsonKind.Object:
                var mapping = new YamlMappingNode();
                foreach (var (name, member) in value.Members) mapping.Add(Text(name), ToNode(member));
                return mapping;
            case JsonKind.Array: return new YamlSequenceNode(value.Items.Select(ToNode));
            case JsonKind.String: return Text(value.AsString());
            default: return new YamlScalarNode(JsonText.Write(value)) { Style = ScalarStyle.Plain };
        }
    }

    /// <summary>Makes the node of a text; it is quoted if YAML would read it as another type.</summary>
    private static YamlScalarNode Text(string text) =>
        new(text) { Style = OtherThanText().IsMatch(text) ? ScalarStyle.SingleQuoted : ScalarStyle.Any };

    private static JsonValue ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping =>
            JsonValue.Object(mapping.Children.Select(c => KeyValuePair.Create(((YamlScalarNode)c.Key).Value ?? "", ToJson(c.Value)))),
        YamlSequenceNode sequence => JsonValue.Array([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode { Style: not ScalarStyle.Plain } quoted => JsonValue.String(quoted.Value),
        _ => Plain(((YamlScalarNode)node).Value ?? ""),
    };

    /// <summary>Reads an unquoted scalar by the rules of YAML 1.1, like dlt: yes, no, on and off are booleans too.</summary>
    private static JsonValue Plain(string text) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => JsonValue.Null,
        "true" or "True" or "TRUE" or "yes" or "Yes" or "YES" or "on" or "On" or "ON" => JsonValue.Bool(true),
        "false" or "False" or "FALSE" or "no" or "No" or "NO" or "off" or "Off" or "OFF" => JsonValue.Bool(false),
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer) =>
            JsonValue.Integer(integer),
        _ when Real().IsMatch(text) && double.TryParse(text, CultureInfo.InvariantCulture, out var real) => JsonValue.Real(real),
        _ => JsonValue.String(text),
    };

    [GeneratedRegex(@"^([-+]?[0-9][0-9_.eE+:-]*|~|null|true|false|yes|no|on|off|y|n|=|<<|)$", RegexOptions.IgnoreCase)]
    private static partial Regex OtherThanText();

    [GeneratedRegex(@"^[-+]?[0-9]+\.[0-9]*([eE][-+]?[0-9]+)?$")]
    private static partial Regex Real();
}
