using System.Buffers;

namespace Dlt.Normalize.Chunks;

/// <summary>
/// Finds the items of a file that does not have one item per line: the elements of an array, or consecutive objects over several lines. It
/// only finds the end of each value; the reader of the item checks that it is JSON.
/// </summary>
internal sealed class DocumentSplitter(string path)
{
    private static readonly SearchValues<byte> Structure = SearchValues.Create("\"{}[]"u8);
    private static readonly SearchValues<byte> ScalarEnd = SearchValues.Create(",]}[{\" \t\r\n"u8);

    private bool _isInArray;
    private bool _needsComma;
    private bool _isAfterComma;

    /// <summary>Returns true when a file with this beginning must be split into documents; false when every line is an item.</summary>
    /// <param name="beginning">The beginning of the file.</param>
    public static bool Suits(ReadOnlySpan<byte> beginning)
    {
        var text = beginning.TrimStart(" \t\r\n"u8);
        if (text.Length == 0) return false;
        if (text[0] == '[') return true;
        if (text[0] != '{') return false;
        // An object over several lines breaks after a bracket or a comma; a line that breaks elsewhere is damaged.
        var end = text.IndexOf((byte)'\n');
        if (end < 0) return false;
        var line = text[..end].TrimEnd(" \t\r"u8);
        return line[^1] is (byte)'{' or (byte)'[' or (byte)',' && ValueEnd(line, 0, isEnd: false) < 0;
    }

    /// <summary>Adds the positions of the items that are complete in the text.</summary>
    /// <param name="text">A part of the file.</param>
    /// <param name="isEnd">True when the file ends with this text.</param>
    /// <param name="offset">Byte offset in the file at which the text begins.</param>
    /// <param name="line">Line at which the text begins; on return, the line at which the rest begins.</param>
    /// <param name="items">Receives the positions.</param>
    /// <returns>Number of bytes that are processed; the rest must be passed again, followed by more of the file.</returns>
    /// <exception cref="JsonFormatException">A comma or bracket is missing or too many.</exception>
    public int Split(ReadOnlySpan<byte> text, bool isEnd, long offset, ref long line, List<ItemSpan> items)
    {
        for (var at = 0; ;)
        {
            var blanks = text[at..].IndexOfAnyExcept(" \t\r\n"u8);
            if (blanks < 0) blanks = text.Length - at;
            line += text.Slice(at, blanks).Count((byte)'\n');
            at += blanks;
            if (at == text.Length)
            {
                if (isEnd && _isInArray) throw Problem("the end of the file where ',' or ']' is expected", line, offset + at);
                return at;
            }

            if (TakesStructure(text[at], line, offset + at))
            {
                at++;
                continue;
            }

            var end = ValueEnd(text, at, isEnd);
            if (end < 0)
            {
                if (!isEnd) return at;
                end = text.Length;   // the reader of the item reports the missing end
            }

            items.Add(new(at, end - at, line));
            line += text[at..end].Count((byte)'\n');
            _needsComma = true;
            _isAfterComma = false;
            at = end;
        }
    }

    /// <summary>Consumes a bracket or comma between items.</summary>
    /// <returns>False when an item begins here.</returns>
    private bool TakesStructure(byte c, long line, long offset)
    {
        switch (c)
        {
            case (byte)'[' when !_isInArray:
                (_isInArray, _needsComma, _isAfterComma) = (true, false, false);
                return true;
            case (byte)']' when _isInArray && !_isAfterComma:
                _isInArray = false;
                return true;
            case (byte)',' when _isInArray && _needsComma:
                (_needsComma, _isAfterComma) = (false, true);
                return true;
            case (byte)']' or (byte)',' or (byte)'}' or (byte)':':
                throw Problem($"'{(char)c}' where {(_isInArray ? "an item" : "a document")} is expected", line, offset);
            default:
                if (_isInArray && _needsComma) throw Problem("an item where ',' or ']' is expected", line, offset);
                return false;
        }
    }

    /// <summary>Returns the index after a value; -1 when the value does not end in the text.</summary>
    private static int ValueEnd(ReadOnlySpan<byte> text, int start, bool isEnd)
    {
        if (text[start] == '"') return StringEnd(text, start + 1);
        if (text[start] is not ((byte)'{' or (byte)'['))
        {
            var length = text[(start + 1)..].IndexOfAny(ScalarEnd);
            return length >= 0 ? start + 1 + length : isEnd ? text.Length : -1;
        }

        var depth = 0;
        for (var at = start; ;)
        {
            var next = text[at..].IndexOfAny(Structure);
            if (next < 0) return -1;
            at += next;
            switch (text[at])
            {
                case (byte)'"':
                    at = StringEnd(text, at + 1);
                    if (at < 0) return -1;
                    continue;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                default:
                    if (--depth == 0) return at + 1;
                    break;
            }

            at++;
        }
    }

    /// <summary>Returns the index after the closing quote; -1 when there is none.</summary>
    private static int StringEnd(ReadOnlySpan<byte> text, int at)
    {
        while (at < text.Length)
        {
            var next = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (next < 0) return -1;
            at += next;
            if (text[at] == '"') return at + 1;
            at += 2;
        }

        return -1;
    }

    private JsonFormatException Problem(string reason, long line, long offset) => new(reason, path, line, offset, "$");
}
