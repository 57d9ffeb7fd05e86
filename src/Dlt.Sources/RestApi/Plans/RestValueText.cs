using System.Globalization;

namespace Dlt.Sources.Rest;

/// <summary>The text of a value in a query, a path, a header or a form.</summary>
internal static class RestValueText
{
    /// <summary>
    /// Returns the text: booleans as <c>true</c> and <c>false</c>, numbers as Python writes them (<c>1e-07</c>), lists and objects as JSON,
    /// null as an empty text.
    /// </summary>
    public static string Of(JsonValue value) => value.Kind switch
    {
        JsonKind.String => value.AsString(),
        JsonKind.Null => "",
        JsonKind.Real => OfReal(value.AsDouble()),
        _ => value.ToString(),
    };

    /// <summary>Returns the text in a format.</summary>
    public static string Of(JsonValue value, RestFormat? format) => format is null ? Of(value) : format.Apply(value, Of(value));

    private static string OfReal(double value)
    {
        var text = JsonText.FormatDouble(value);
        var exponent = text.IndexOf('e', StringComparison.Ordinal);
        if (exponent < 0 || text.Length - exponent > 3) return text;
        return string.Create(CultureInfo.InvariantCulture, $"{text[..(exponent + 2)]}0{text[(exponent + 2)..]}");
    }
}
