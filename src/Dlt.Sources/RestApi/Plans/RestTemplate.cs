using System.Collections.Immutable;
using System.Text;

namespace Dlt.Sources.Rest;

/// <summary>A text with placeholders in braces; doubled braces are literal ones.</summary>
/// <param name="Text">The text as written.</param>
/// <param name="Parts">Literal texts and placeholders, in their order.</param>
internal sealed record RestTemplate(string Text, ImmutableArray<RestTemplatePart> Parts)
{
    /// <summary>The placeholders.</summary>
    public IEnumerable<RestPlaceholder> Placeholders => Parts.Select(p => p.Placeholder).OfType<RestPlaceholder>();

    /// <summary>The placeholder when the text is nothing else; null otherwise.</summary>
    public RestPlaceholder? Single => Parts is [{ Placeholder: { Format: null } single }] ? single : null;

    /// <summary>Creates a template without placeholders.</summary>
    public static RestTemplate Literal(string text) => new(text, [new(text, null)]);

    /// <summary>Returns the text with all placeholders replaced.</summary>
    /// <param name="value">Returns the value of a placeholder.</param>
    /// <param name="escape">Changes the text of a value, such as for a path; null to leave it as it is.</param>
    public string Fill(Func<RestPlaceholder, JsonValue> value, Func<string, string>? escape = null)
    {
        if (Parts is [{ Placeholder: null, Literal: var literal }]) return literal;
        var text = new StringBuilder();
        foreach (var part in Parts)
        {
            if (part.Placeholder is not { } placeholder)
            {
                text.Append(part.Literal);
                continue;
            }

            var filled = RestValueText.Of(value(placeholder), placeholder.Format);
            text.Append(escape is null ? filled : escape(filled));
        }

        return text.ToString();
    }
}

/// <summary>A part of a template: a literal text or a placeholder.</summary>
/// <param name="Literal">The text, when there is no placeholder.</param>
/// <param name="Placeholder">The placeholder; null for a literal text.</param>
internal readonly record struct RestTemplatePart(string Literal, RestPlaceholder? Placeholder);
