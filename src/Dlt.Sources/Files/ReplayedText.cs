namespace Dlt.Sources.Files;

/// <summary>A text whose beginning was read already, from its beginning.</summary>
/// <param name="head">What was read.</param>
/// <param name="rest">Where the text goes on; closed with this.</param>
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
