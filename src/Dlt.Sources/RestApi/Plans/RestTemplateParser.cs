using System.Collections.Immutable;
using System.Text;
using Dlt.Documents;
using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>Parses texts with placeholders.</summary>
/// <param name="errors">Makes the errors.</param>
/// <param name="resource">Name of the resource, for errors.</param>
/// <param name="hasCursor">True when the endpoint has a cursor, so that <c>{incremental.…}</c> is allowed.</param>
internal sealed class RestTemplateParser(DocumentOrigin errors, string resource, bool hasCursor)
{
    private const string Resources = "resources.";
    private const string Incremental = "incremental.";

    private static readonly Dictionary<string, RestCursorValue> CursorValues = new()
    {
        ["start_value"] = RestCursorValue.StartValue,
        ["initial_value"] = RestCursorValue.InitialValue,
        ["last_value"] = RestCursorValue.LastValue,
        ["end_value"] = RestCursorValue.EndValue,
    };

    /// <summary>Parses a text.</summary>
    /// <param name="text">The text. Doubled braces are literal ones.</param>
    /// <param name="place">Its place, for errors.</param>
    /// <param name="parameter">
    /// Returns what a placeholder that is the name of a parameter stands for, and null when there is no such parameter. Null where only
    /// parents and cursors have placeholders.
    /// </param>
    /// <exception cref="ConfigurationException">A brace is left over, or a placeholder stands for nothing.</exception>
    public RestTemplate Parse(string text, string place, Func<string, RestPlaceholder?>? parameter = null)
    {
        if (text.AsSpan().IndexOfAny('{', '}') < 0) return RestTemplate.Literal(text);
        var parts = ImmutableArray.CreateBuilder<RestTemplatePart>();
        var literal = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c is '{' or '}' && at + 1 < text.Length && text[at + 1] == c)
            {
                literal.Append(c);
                at++;
                continue;
            }

            if (c is not '{' and not '}')
            {
                literal.Append(c);
                continue;
            }

            var end = c == '{' ? text.AsSpan(at + 1).IndexOfAny('{', '}') : -1;
            if (end < 0 || text[at + 1 + end] == '{') throw Unbalanced(text, place, c);
            if (literal.Length > 0) parts.Add(new(literal.ToString(), null));
            literal.Clear();
            parts.Add(new("", Placeholder(text.Substring(at + 1, end), text, place, parameter)));
            at += end + 1;
        }

        if (literal.Length > 0 || parts.Count == 0) parts.Add(new(literal.ToString(), null));
        return new(text, parts.ToImmutable());
    }

    private ConfigurationException Unbalanced(string text, string place, char brace) => errors.Error(
        place, $"of resource '{resource}' has a single '{brace}' in '{text}'. Double it ('{brace}{brace}') if it is meant literally.");

    private RestPlaceholder Placeholder(string inner, string text, string place, Func<string, RestPlaceholder?>? parameter)
    {
        var colon = OutsideOfBrackets(inner);
        var name = (colon < 0 ? inner : inner[..colon]).Trim();
        var format = colon < 0 || colon == inner.Length - 1 ? null
            : RestFormat.TryParse(inner[(colon + 1)..]) ?? throw errors.Error(
                place, $"of resource '{resource}' has the format '{inner[(colon + 1)..]}', which is not supported. Use a width with 'd' "
                + "or 's' and digits with 'f', such as '05d' and '.2f'.");
        var found = name.StartsWith(Resources, StringComparison.Ordinal) ? ParentField(name, text, place)
            : name.StartsWith(Incremental, StringComparison.Ordinal) ? Cursor(name, text, place)
            : parameter?.Invoke(name);
        return found is null ? throw Unknown(name, text, place, parameter is not null) : found with { Format = format };
    }

    private RestPlaceholder.ParentField ParentField(string name, string text, string place)
    {
        var rest = name[Resources.Length..];
        var point = rest.IndexOf('.', StringComparison.Ordinal);
        if (point <= 0 || point == rest.Length - 1)
        {
            throw errors.Error(
                place, $"of resource '{resource}' has the placeholder '{name}' in '{text}'. Write {{resources.<parent>.<field>}}.");
        }

        return Field(rest[..point], rest[(point + 1)..], name, place);
    }

    /// <summary>Creates the placeholder of a parent's field.</summary>
    public RestPlaceholder.ParentField Field(string parent, string field, string text, string place) =>
        new(parent, CursorPath.TryParse(field, out var problem)
            ?? throw errors.Error(place, $"of resource '{resource}' has the path '{field}' of the parent's field, in which {problem}."))
        { Text = text };

    private RestPlaceholder.Cursor Cursor(string name, string text, string place)
    {
        if (!hasCursor)
        {
            throw errors.Error(
                place, $"of resource '{resource}' has the placeholder '{name}' in '{text}', but the endpoint has no 'incremental'.");
        }

        return CursorValues.TryGetValue(name[Incremental.Length..], out var value)
            ? new(value) { Text = name }
            : throw errors.Error(
                place, $"of resource '{resource}' has the placeholder '{name}' in '{text}', which is not known. Known are "
                + $"{string.Join(", ", CursorValues.Keys.Select(k => Incremental + k))}.");
    }

    private ConfigurationException Unknown(string name, string text, string place, bool isPath)
    {
        var what = $"of resource '{resource}' has the placeholder '{name}' in '{text}'";
        if (name.StartsWith("resource.", StringComparison.Ordinal))
            return errors.Error(place, $"{what}. The nearest known one is '{Resources}{name["resource.".Length..]}'.");
        return errors.Error(
            place, isPath
                ? $"{what}, but the endpoint has no parameter '{name}'. Add it to 'params', or use {{resources.<parent>.<field>}}."
                : $"{what}, which stands for nothing here. Use {{resources.<parent>.<field>}} or {{incremental.start_value}}; double the "
                    + "braces if they are meant literally.");
    }

    /// <summary>Position of the colon that begins a format; -1 for none. A slice of a path has colons in brackets.</summary>
    private static int OutsideOfBrackets(string text)
    {
        var depth = 0;
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] == '[') depth++;
            else if (text[at] == ']') depth--;
            else if (text[at] == ':' && depth == 0) return at;
        }

        return -1;
    }
}
