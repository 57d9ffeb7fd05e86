namespace Dlt.Parquet.Pages;

/// <summary>Bytes of encoded column chunks, in pieces of one size that are used again: an array that doubles would hold a row group up to three times.</summary>
internal sealed class ChunkBytes
{
    private const int PieceBytes = 256 << 10;

    private readonly List<byte[]> _pieces = [];

    public long Length { get; private set; }

    public void Clear() => Length = 0;

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var (piece, at) = Math.DivRem(Length, PieceBytes);
            if (piece == _pieces.Count) _pieces.Add(GC.AllocateUninitializedArray<byte>(PieceBytes));
            var part = bytes[..(int)Math.Min(bytes.Length, PieceBytes - at)];
            part.CopyTo(_pieces[(int)piece].AsSpan((int)at));
            Length += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    public void CopyTo(Stream target)
    {
        var rest = Length;
        for (var piece = 0; rest > 0; piece++, rest -= PieceBytes) target.Write(_pieces[piece].AsSpan(0, (int)Math.Min(rest, PieceBytes)));
    }
}
