using System.Collections.Immutable;
using Dlt.Hints.Paths;

namespace Dlt.Hints;

/// <summary>
/// A JSONPath as dlt understands it: names, <c>'quoted names'</c>, <c>[n]</c>, slices, unions, wildcards, <c>..</c> and filters, optionally
/// starting with <c>$</c>. Of a cursor, the first match counts.
/// </summary>
internal sealed class CursorPath
{
    private readonly PathNode _node;

    private CursorPath(string text, PathNode node)
    {
        Text = text;
        _node = node;
        Field = node is PathNode.Fields { Names: [var name] } && name == text ? name : null;
    }

    /// <summary>The path as the user wrote it.</summary>
    public string Text { get; }

    /// <summary>Name of the field when the path is a single plain name; null otherwise.</summary>
    public string? Field { get; }

    /// <summary>Names from the outside to the inside when the path has nothing but names; default for other paths.</summary>
    public ImmutableArray<string> Names => NamesOf(_node);

    /// <summary>Parses a path.</summary>
    /// <exception cref="DltException">The text is not a path, or is beyond what is supported. The message has the character.</exception>
    public static CursorPath Parse(string text) => new(text, PathParser.Parse(text));

    /// <summary>Parses a path.</summary>
    /// <param name="text">The text.</param>
    /// <param name="problem">What is wrong with it, as the end of a sentence; null when it is a path.</param>
    public static CursorPath? TryParse(string text, out string? problem)
    {
        try
        {
            problem = null;
            return new(text, PathParser.Parse(text));
        }
        catch (PathException error)
        {
            problem = error.Problem;
            return null;
        }
    }

    /// <summary>Creates the path of names, which may have any characters.</summary>
    public static CursorPath Of(IReadOnlyList<string> names)
    {
        var node = names.Select(n => (PathNode)new PathNode.Fields([n])).DefaultIfEmpty(PathNode.Root.Instance)
            .Aggregate((left, right) => new PathNode.Child(left, right));
        return new(names.Count == 0 ? "$" : string.Join('.', names.Select(PathParser.Quoted)), node);
    }

    /// <summary>Returns the first match in an item; null when there is none.</summary>
    public JsonValue? FirstIn(JsonValue item)
    {
        if (Field is { } field) return item.Kind == JsonKind.Object && item.Members.TryGet(field, out var value) ? value : null;
        return _node.Find(item).FirstOrDefault();
    }

    /// <summary>Returns all matches in a value, in their order.</summary>
    public IEnumerable<JsonValue> AllIn(JsonValue value) => _node.Find(value);

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static ImmutableArray<string> NamesOf(PathNode node) => node switch
    {
        PathNode.Root => [],
        PathNode.Fields { Names: [_] names } => names,
        PathNode.Child child when NamesOf(child.Left) is { IsDefault: false } left && NamesOf(child.Right) is { IsDefault: false } right
            => [.. left, .. right],
        _ => default,
    };
}
