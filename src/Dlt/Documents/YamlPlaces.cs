using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Dlt.Documents;

/// <summary>Lines and columns of the values of a YAML text. JSON is YAML, too.</summary>
internal static class YamlPlaces
{
    private const int MaxDepth = 64;

    /// <summary>Returns line and column by place; none when the text cannot be read.</summary>
    public static IReadOnlyDictionary<string, (int Line, int Column)> Of(string text)
    {
        var places = new Dictionary<string, (int, int)>(StringComparer.Ordinal);
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            if (stream.Documents.Count > 0) Add(stream.Documents[0].RootNode, null, "", places, 0);
        }
        catch (YamlException)
        {
            // Only the line number is lost: the error is reported without it.
        }

        return places;
    }

    private static void Add(YamlNode node, YamlNode? key, string place, Dictionary<string, (int, int)> places, int depth)
    {
        if (depth > MaxDepth || places.Count > 100_000) return;
        var mark = (key ?? node).Start;
        places.TryAdd(place, ((int)mark.Line, (int)mark.Column));
        if (node is YamlMappingNode mapping)
        {
            foreach (var (name, value) in mapping.Children)
            {
                if (name is not YamlScalarNode { Value: { } text }) continue;
                Add(value, name, place.Length == 0 ? text : $"{place}.{text}", places, depth + 1);
            }
        }
        else if (node is YamlSequenceNode sequence)
        {
            for (var i = 0; i < sequence.Children.Count; i++)
                Add(sequence.Children[i], null, string.Create(CultureInfo.InvariantCulture, $"{place}[{i}]"), places, depth + 1);
        }
    }
}
