using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dlt.Cli.OpenApi;

/// <summary>Names for what is written.</summary>
internal static class Names
{
    /// <summary>Words in small letters, joined by <c>_</c>: <c>Order Items</c> and <c>orderItems</c> become <c>order_items</c>.</summary>
    public static string Snake(string text)
    {
        var result = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (!char.IsAsciiLetterOrDigit(c))
            {
                if (result.Length > 0 && result[^1] != '_') result.Append('_');
                continue;
            }

            if (char.IsAsciiLetterUpper(c) && i > 0 && (char.IsAsciiLetterLower(text[i - 1]) || char.IsAsciiDigit(text[i - 1])))
                result.Append('_');
            result.Append(char.ToLowerInvariant(c));
        }

        return result.ToString().Trim('_');
    }

    /// <summary>A name of a class or a member: <c>order_items</c> becomes <c>OrderItems</c>.</summary>
    public static string Pascal(string name)
    {
        var words = Snake(name).Split('_', StringSplitOptions.RemoveEmptyEntries);
        var joined = string.Concat(words.Select(w => char.ToUpperInvariant(w[0]) + w[1..]));
        return joined.Length == 0 || char.IsAsciiDigit(joined[0]) ? "Api" + joined : joined;
    }

    /// <summary>The last word in the singular, as far as its ending says.</summary>
    public static string Singular(string name) => name switch
    {
        _ when name.EndsWith("ies", StringComparison.Ordinal) => name[..^3] + "y",
        _ when name.EndsWith("ses", StringComparison.Ordinal) || name.EndsWith("xes", StringComparison.Ordinal) => name[..^2],
        _ when name.EndsWith('s') && !name.EndsWith("ss", StringComparison.Ordinal) => name[..^1],
        _ => name,
    };

    /// <summary>A text as a literal of C#.</summary>
    public static string Literal(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";

    /// <summary>A text on one line, for a comment.</summary>
    public static string Line(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
