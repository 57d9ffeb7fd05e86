using Dlt.Json;

namespace Dlt.Normalize.Rows;

/// <summary>An item for the exact path, with its place: a JSON text, or a row of a batch.</summary>
internal readonly ref struct ItemText
{
    private readonly ReadOnlySpan<byte> _utf8;
    private readonly JsonValue? _value;

    /// <summary>Makes an item from its JSON text.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="source">Name of the file for messages.</param>
    /// <param name="offset">Byte offset in the file at which the item begins.</param>
    /// <param name="line">Line of the file, from 1.</param>
    public ItemText(ReadOnlySpan<byte> utf8, string source, long offset, long line)
    {
        _utf8 = utf8;
        (Source, Offset, Line) = (source, offset, line);
    }

    /// <summary>Makes an item from a row of a batch.</summary>
    /// <param name="value">The item.</param>
    /// <param name="source">Path of the file with the batch.</param>
    /// <param name="row">Row of the batch, from 1.</param>
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
