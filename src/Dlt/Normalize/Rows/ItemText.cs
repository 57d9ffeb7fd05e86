using Dlt.Json;

namespace Dlt.Normalize.Rows;

/// <summary>An item on its way to the exact path, with its place: a text that is parsed, or a row of a batch.</summary>
internal readonly ref struct ItemText
{
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly JsonValue? _value;

    /// <param name="utf8">The text.</param>
    /// <param name="source">File for messages.</param>
    /// <param name="offset">Byte of the file at which it begins.</param>
    /// <param name="line">1-based line of the file.</param>
    public ItemText(ReadOnlySpan<byte> utf8, string source, long offset, long line)
    {
        _utf8 = utf8;
        (Source, Offset, Line) = (source, offset, line);
    }

    /// <param name="value">The item.</param>
    /// <param name="source">File of the batch.</param>
    /// <param name="row">1-based row of the batch.</param>
    public ItemText(JsonValue value, string source, long row)
    {
        _value = value;
        (Source, Line) = (source, row);
    }

    public string Source { get; }

    public long Offset { get; }

    public long Line { get; }

    public ReadOnlySpan<byte> Utf8 => _value is null ? _utf8 : JsonText.WriteUtf8(_value);

    /// <exception cref="JsonFormatException">The text is not JSON.</exception>
    public JsonValue Parse() => _value ?? JsonParser.Parse(_utf8, Source, Offset, Line);
}
