using System.Globalization;
using System.Text.RegularExpressions;

namespace Dlt.Sources.Rest;

/// <summary>
/// Format of a placeholder, as in <c>{resources.ports.id:05d}</c>: the part of Python's format specifications that numbers and texts need,
/// fill and width with <c>d</c>, <c>s</c> or <c>.2f</c>.
/// </summary>
/// <param name="Text">The format as written.</param>
/// <param name="Fill">Letter that fills up to the width.</param>
/// <param name="Align"><c>&lt;</c> or <c>&gt;</c>; null for the usual side: numbers right, texts left.</param>
/// <param name="Width">Smallest number of letters.</param>
/// <param name="Precision">Digits after the point of <c>f</c>; null for 6.</param>
/// <param name="Type"><c>d</c>, <c>f</c>, <c>s</c>, or empty.</param>
internal sealed partial record RestFormat(string Text, char Fill, char? Align, int Width, int? Precision, string Type)
{
    /// <summary>Parses a format; null when it is beyond this part.</summary>
    public static RestFormat? TryParse(string text)
    {
        var match = Pattern().Match(text);
        if (!match.Success) return null;
        var isZero = match.Groups["zero"].Success;
        var fill = match.Groups["fill"] is { Success: true, Length: 1 } own ? own.Value[0] : isZero ? '0' : ' ';
        char? align = match.Groups["align"].Success ? match.Groups["align"].Value[0] : isZero ? '=' : null;
        var width = match.Groups["width"] is { Length: > 0 } digits ? int.Parse(digits.Value, CultureInfo.InvariantCulture) : 0;
        int? precision = match.Groups["precision"] is { Success: true } p ? int.Parse(p.Value, CultureInfo.InvariantCulture) : null;
        return new(text, fill, align, width, precision, match.Groups["type"].Value);
    }

    /// <summary>Formats a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="plain">Its text without a format.</param>
    public string Apply(JsonValue value, string plain)
    {
        var isNumber = value.Kind is JsonKind.Integer or JsonKind.Real;
        var text = Type == "f" && isNumber
            ? value.AsDouble().ToString("F" + (Precision ?? 6), CultureInfo.InvariantCulture)
            : plain;
        if (text.Length >= Width) return text;
        if (Align == '=' && isNumber && text[0] == '-') return "-" + text[1..].PadLeft(Width - 1, Fill);
        return (Align ?? (isNumber ? '>' : '<')) == '<' ? text.PadRight(Width, Fill) : text.PadLeft(Width, Fill);
    }

    [GeneratedRegex(@"^(?:(?<fill>.)?(?<align>[<>]))?(?<zero>0)?(?<width>[0-9]{0,3})(?:\.(?<precision>[0-9]{1,2}))?(?<type>[dfs]?)$")]
    private static partial Regex Pattern();
}
