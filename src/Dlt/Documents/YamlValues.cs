using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Dlt.Documents;

/// <summary>
/// Reads YAML as JSON values by the core schema of YAML 1.2: only <c>true</c> and <c>false</c> are booleans, dates stay texts. Aliases and
/// merge keys (<c>&lt;&lt;</c>) are resolved.
/// </summary>
internal sealed partial class YamlValues
{
    /// <summary>Largest number of values, which ends a document of aliases within aliases.</summary>
    private const int MaxValues = 100_000;

    private const int MaxDepth = 64;

    private readonly DocumentOrigin _origin;
    private int _values;

    private YamlValues(DocumentOrigin origin) => _origin = origin;

    /// <exception cref="ConfigurationException">The text is not one YAML document of JSON values.</exception>
    public static JsonValue Read(string text, DocumentOrigin origin)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 1
                ? new YamlValues(origin).Of(stream.Documents[0].RootNode, "", 0)
                : throw origin.Error("", string.Create(
                    CultureInfo.InvariantCulture, $"has {stream.Documents.Count} YAML documents, where one belongs."));
        }
        catch (YamlException error)
        {
            throw new ConfigurationException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{origin.File ?? "The text"} is not YAML: line {error.Start.Line}, column {error.Start.Column}: "
                    + $"{error.InnerException?.Message ?? error.Message} Nothing was requested. Correct the YAML."), error)
            { File = origin.File, Line = (int)error.Start.Line, Column = (int)error.Start.Column };
        }
    }

    private JsonValue Of(YamlNode node, string place, int depth)
    {
        if (++_values > MaxValues) throw _origin.Error(place, "has too many values: aliases within aliases are not supported.");
        if (depth > MaxDepth) throw _origin.Error(place, "is nested too deep.");
        return node switch
        {
            YamlMappingNode mapping => JsonValue.Object(Members(mapping, place, depth)),
            YamlSequenceNode sequence => JsonValue.Array([.. sequence.Children.Select((c, i) =>
                Of(c, string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]"), depth + 1))]),
            YamlScalarNode scalar => Scalar(scalar, place),
            _ => throw _origin.Error(place, "is not a value."),
        };
    }

    /// <summary>Members of a mapping. Those of merge keys come first, because the mapping's own ones take precedence.</summary>
    private List<KeyValuePair<string, JsonValue>> Members(YamlMappingNode mapping, string place, int depth)
    {
        List<KeyValuePair<string, JsonValue>> members = [];
        foreach (var (key, value) in mapping.Children)
            if (IsMerge(key)) members.AddRange(Merged(value, place, depth));
        foreach (var (key, value) in mapping.Children)
        {
            if (IsMerge(key)) continue;
            var name = key is YamlScalarNode { Value: { } text } ? text : throw _origin.Error(place, "has a key that is not a text.");
            members.Add(new(name, Of(value, place.Length == 0 ? name : $"{place}.{name}", depth + 1)));
        }

        return members;
    }

    private IEnumerable<KeyValuePair<string, JsonValue>> Merged(YamlNode value, string place, int depth) => value switch
    {
        YamlMappingNode mapping => Members(mapping, place, depth + 1),
        // The first of several mappings takes precedence.
        YamlSequenceNode sequence => sequence.Children.Reverse().SelectMany(c => Merged(c, place, depth + 1)),
        _ => throw _origin.Error(place, "has a merge key '<<' whose value is not a mapping."),
    };

    private static bool IsMerge(YamlNode key) => key is YamlScalarNode { Value: "<<", Style: ScalarStyle.Plain };

    private JsonValue Scalar(YamlScalarNode scalar, string place)
    {
        var text = scalar.Value ?? "";
        if (!scalar.Tag.IsEmpty && scalar.Tag.Value is not ("!" or "?"))
        {
            return scalar.Tag.Value switch
            {
                "tag:yaml.org,2002:str" => JsonValue.String(text),
                "tag:yaml.org,2002:int" or "tag:yaml.org,2002:float" or "tag:yaml.org,2002:bool" or "tag:yaml.org,2002:null"
                    => Plain(text, place),
                var tag => throw _origin.Error(place, $"has the tag '{tag}', which is not supported. Write the value itself."),
            };
        }

        return scalar.Style == ScalarStyle.Plain ? Plain(text, place) : JsonValue.String(text);
    }

    private JsonValue Plain(string text, string place)
    {
        if (text is "" or "~" or "null" or "Null" or "NULL") return JsonValue.Null;
        if (text is "true" or "True" or "TRUE") return JsonValue.Bool(true);
        if (text is "false" or "False" or "FALSE") return JsonValue.Bool(false);
        if (Integer().IsMatch(text)) return JsonValue.Integer(BigInteger.Parse(text, CultureInfo.InvariantCulture));
        if (Based().IsMatch(text)) return JsonValue.Integer(Convert.ToInt64(text[2..], text[1] == 'x' ? 16 : 8));
        if (Real().IsMatch(text)) return JsonValue.Real(double.Parse(text, CultureInfo.InvariantCulture));
        if (NoNumber().IsMatch(text))
            throw _origin.Error(place, $"is {text}, which JSON does not have. Write it in quotes if it is a text.");
        return JsonValue.String(text);
    }

    [GeneratedRegex("^[-+]?[0-9]+$")]
    private static partial Regex Integer();

    [GeneratedRegex("^0(x[0-9a-fA-F]{1,15}|o[0-7]{1,20})$")]
    private static partial Regex Based();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")]
    private static partial Regex Real();

    [GeneratedRegex(@"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$")]
    private static partial Regex NoNumber();
}
