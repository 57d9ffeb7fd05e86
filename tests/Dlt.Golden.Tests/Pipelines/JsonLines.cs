using System.Text;
using System.Text.RegularExpressions;
using Dlt.Json;

namespace Dlt.Golden.Pipelines;

/// <summary>Files of JSON lines, in which Python also writes what JSON does not have.</summary>
internal static partial class JsonLines
{
    public static string[] Of(byte[] file) => [.. Encoding.UTF8.GetString(file).Split('\n').Where(l => l.Trim().Length > 0)];

    public static bool IsJson(string text)
    {
        try
        {
            JsonParser.Parse(text);
            return true;
        }
        catch (JsonFormatException)
        {
            return false;
        }
    }

    /// <summary>True when a text has <c>NaN</c> or <c>Infinity</c> in place of a value.</summary>
    public static bool HasNan(string text) => Nan().Matches(text).Any(m => m.Value[0] != '"');

    /// <summary>Returns the item with null for those values, as Python dlt loads it.</summary>
    public static JsonValue WithoutNan(string text) => JsonParser.Parse(Nan().Replace(text, m => m.Value[0] == '"' ? m.Value : "null"));

    [GeneratedRegex("\"(?:\\\\.|[^\"\\\\])*\"|-?Infinity|NaN")]
    private static partial Regex Nan();
}
