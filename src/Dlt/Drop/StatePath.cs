namespace Dlt.Drop;

/// <summary>
/// A path into the state of a source, in the part of JSONPath that selects members: names with dots or in brackets, <c>*</c> for all
/// members or elements, and numbers for elements of a list.
/// </summary>
internal sealed class StatePath
{
    private const string Resources = "resources";
    private const string All = "*";

    private readonly List<string> _steps;

    private StatePath(string text, List<string> steps) => (Text, _steps) = (text, steps);

    /// <summary>The path as it was given.</summary>
    public string Text { get; }

    /// <exception cref="DltException">The text is not such a path.</exception>
    public static StatePath Parse(string text)
    {
        var steps = new List<string>();
        for (var i = text.StartsWith('$') ? 1 : 0; i < text.Length;)
        {
            if (text[i] == '[')
            {
                var end = text.IndexOf(']', i);
                if (end < 0) throw Malformed(text);
                steps.Add(text[(i + 1)..end].Trim('\'', '"'));
                i = end + 1;
                continue;
            }

            if (text[i] == '.') i++;
            var stop = text.AsSpan(i).IndexOfAny('.', '[') is >= 0 and var length ? i + length : text.Length;
            steps.Add(text[i..stop]);
            i = stop;
        }

        return steps.Count > 0 && steps.TrueForAll(s => s.Length > 0) ? new(text, steps) : throw Malformed(text);
    }

    /// <summary>Removes the values that the path selects.</summary>
    /// <param name="state">State of a source.</param>
    /// <returns>The state without them, and the full paths of the removed values.</returns>
    public (JsonValue State, List<string> Removed) Remove(JsonValue state)
    {
        var removed = new List<string>();
        return (Remove(state, 0, "", removed), removed);
    }

    private JsonValue Remove(JsonValue node, int depth, string path, List<string> removed)
    {
        var isLast = depth == _steps.Count - 1;
        if (node.Kind == JsonKind.Object)
        {
            foreach (var name in node.Members.Names.Where(n => Selects(n, depth)).ToList())
            {
                var own = path.Length == 0 ? name : $"{path}.{name}";
                if (isLast) removed.Add(own);
                node = isLast ? node.Without(name) : node.With(name, Remove(node[name]!, depth + 1, own, removed));
            }

            return node;
        }

        if (node.Kind != JsonKind.Array) return node;
        var items = new List<JsonValue>();
        foreach (var (item, index) in node.Items.Select((item, index) => (item, index)))
        {
            var own = $"{path}[{index}]";
            var isSelected = _steps[depth] == All || _steps[depth] == index.ToString(System.Globalization.CultureInfo.InvariantCulture);
            if (isSelected && isLast) removed.Add(own);
            else items.Add(isSelected ? Remove(item, depth + 1, own, removed) : item);
        }

        return JsonValue.Array([.. items]);
    }

    private bool Selects(string name, int depth) =>
        _steps[depth] == name || (_steps[depth] == All && (depth > 0 || name != Resources));

    private static DltException Malformed(string text) => new(
        $"'{text}' is not a path into the state. Nothing was dropped. Write member names with dots between them, such as "
        + "resources.orders.cursor, or * for all.");
}
