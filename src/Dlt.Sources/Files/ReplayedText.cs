namespace Dlt.Sources.Files;

/// <summary>Reads a text from its beginning although its first characters have already been read.</summary>
/// <param name="head">Characters that have been read.</param>
/// <param name="rest">Reader of the rest; disposed with this reader.</param>
internal sealed class ReplayedText(ReadOnlyMemory<char> head, TextReader rest) : TextReader
{
    private ReadOnlyMemory<char> _head = head;

    public override int Peek() => _head.IsEmpty ? rest.Peek() : _head.Span[0];

    public override int Read()
    {
        if (_head.IsEmpty) return rest.Read();
        var first = _head.Span[0];
        _head = _head[1..];
        return first;
    }

    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    public override int Read(Span<char> buffer)
    {
        if (_head.IsEmpty) return rest.Read(buffer);
        var count = Math.Min(buffer.Length, _head.Length);
        _head.Span[..count].CopyTo(buffer);
        _head = _head[count..];
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) rest.Dispose();
        base.Dispose(disposing);
    }
}
