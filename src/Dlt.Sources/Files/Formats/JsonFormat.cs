namespace Dlt.Sources.Files.Formats;

/// <summary>JSON. Normalise reads the files in place.</summary>
internal sealed class JsonFormat : InputFormat
{
    public override string Name => "json";

    public override string Description => "JSON (one item per line, an array, or objects over several lines)";

    public override bool IsText => true;

    internal override string Title => "JSON";

    internal override IReadOnlyList<string> Endings { get; } = ["json", "jsonl", "ndjson", "ldjson", "geojson", "jsonlines"];

    /// <summary>An empty text is a table without rows.</summary>
    internal override Likeness Compare(string text, bool isWhole)
    {
        if (BeginsLikeItems(text)) return Likeness.Certain;
        if (text.AsSpan().Trim().IsEmpty) return Likeness.Possible;
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return IsScalar(end < 0 ? text : text[..end]) ? Likeness.Possible : Likeness.None;
    }

    /// <summary>True if the text begins like an object, an array of objects or lists, or an array over several lines.</summary>
    private static bool BeginsLikeItems(string text)
    {
        var rest = text.AsSpan().TrimStart();
        if (rest.IsEmpty || rest[0] is not ('{' or '[')) return false;
        var next = rest[1..].TrimStart();
        if (next.IsEmpty) return true;
        return rest[0] == '{' ? next[0] is '"' or '}' : next[0] is '{' or '[' or ']' || rest[1] is '\r' or '\n';
    }

    private static bool IsScalar(string line)
    {
        try
        {
            _ = JsonValue.Parse(line);
            return true;
        }
        catch (JsonFormatException)
        {
            return false;
        }
    }
}
