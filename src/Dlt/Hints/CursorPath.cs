using System.Globalization;

namespace Dlt.Hints;

/// <summary>
/// Path of a cursor value in an item: the subset of JSONPath with names, quoted names, <c>[n]</c>, <c>*</c> and <c>..</c>, optionally
/// starting with <c>$</c>.
/// </summary>
internal sealed class CursorPath
{
    private readonly List<Step> _steps = [];

    private enum StepKind
    {
        Name,
        Index,
        Any,
        Descendants,
    }

    /// <summary>The path as the user wrote it.</summary>
    public required string Text { get; init; }

    /// <summary>Name of the field when the path is a single plain name; null otherwise.</summary>
    public string? Field => _steps is [{ Kind: StepKind.Name, Name: var name }] && _isPlain ? name : null;

    private bool _isPlain;

    /// <summary>Parses a path.</summary>
    /// <exception cref="DltException">The text is not a valid path.</exception>
    public static CursorPath Parse(string text)
    {
        var path = new CursorPath { Text = text, _isPlain = text.AsSpan().IndexOfAny("$.[]*'\"") < 0 };
        if (path._isPlain)
        {
            path._steps.Add(new(StepKind.Name, text, 0));
            return text.Length > 0 ? path : throw Malformed(text, 0);
        }

        var at = text.StartsWith('$') ? 1 : 0;
        var isFirst = at == 0;
        while (at < text.Length)
        {
            if (text[at] == '[')
            {
                at = path.Bracket(text, at + 1);
            }
            else
            {
                if (text.AsSpan(at).StartsWith(".."))
                {
                    path._steps.Add(new(StepKind.Descendants, "", 0));
                    at += 2;
                }
                else if (text[at] == '.')
                {
                    at++;
                }
                else if (!isFirst)
                {
                    throw Malformed(text, at);
                }

                if (at < text.Length && text[at] == '[') continue;
                at = path.Name(text, at);
            }

            isFirst = false;
        }

        return path._steps.Count > 0 ? path : throw Malformed(text, 0);
    }

    /// <summary>Returns the first match in an item; null when there is none.</summary>
    public JsonValue? FirstIn(JsonValue item)
    {
        if (Field is { } field) return item.Kind == JsonKind.Object && item.Members.TryGet(field, out var value) ? value : null;
        return Matches(item, 0).FirstOrDefault();
    }

    private IEnumerable<JsonValue> Matches(JsonValue value, int step)
    {
        if (step == _steps.Count) return [value];
        var (kind, name, index) = _steps[step];
        return kind switch
        {
            StepKind.Name => value.Kind == JsonKind.Object && value.Members.TryGet(name, out var member) ? Matches(member, step + 1) : [],
            StepKind.Index => value.Kind == JsonKind.Array && Element(value, index) is { } element ? Matches(element, step + 1) : [],
            StepKind.Any => Children(value).SelectMany(c => Matches(c, step + 1)),
            _ => Matches(value, step + 1).Concat(Children(value).SelectMany(c => Matches(c, step))),
        };
    }

    private static JsonValue? Element(JsonValue list, int index)
    {
        var at = index < 0 ? list.Items.Length + index : index;
        return at >= 0 && at < list.Items.Length ? list.Items[at] : null;
    }

    private static IEnumerable<JsonValue> Children(JsonValue value) => value.Kind switch
    {
        JsonKind.Object => value.Members.Select(m => m.Value),
        JsonKind.Array => value.Items,
        _ => [],
    };

    private int Name(string text, int at)
    {
        if (at < text.Length && text[at] is '\'' or '"') return Quoted(text, at);
        var end = text.AsSpan(at).IndexOfAny(".[]'\"");
        end = end < 0 ? text.Length : at + end;
        if (end == at) throw Malformed(text, at);
        var name = text[at..end].Trim();
        _steps.Add(name == "*" ? new(StepKind.Any, "", 0) : new(StepKind.Name, name, 0));
        return end;
    }

    private int Bracket(string text, int at)
    {
        var end = text.IndexOf(']', at);
        if (at < text.Length && text[at] is '\'' or '"')
        {
            at = Quoted(text, at);
            return at < text.Length && text[at] == ']' ? at + 1 : throw Malformed(text, at);
        }

        if (end < 0) throw Malformed(text, text.Length);
        var inner = text.AsSpan(at, end - at).Trim();
        if (inner is "*")
            _steps.Add(new(StepKind.Any, "", 0));
        else if (int.TryParse(inner, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
            _steps.Add(new(StepKind.Index, "", index));
        else
            throw Malformed(text, at);
        return end + 1;
    }

    private int Quoted(string text, int at)
    {
        var end = text.IndexOf(text[at], at + 1);
        if (end < 0) throw Malformed(text, text.Length);
        _steps.Add(new(StepKind.Name, text[(at + 1)..end], 0));
        return end + 1;
    }

    private static DltException Malformed(string text, int at) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"The cursor path '{text}' is not valid: character {at} is not expected there. "
        + $"Use names, 'quoted names', [n], * and .. as in 'meta.items[0].at'. Nothing was extracted."));

    private readonly record struct Step(StepKind Kind, string Name, int Index);
}
