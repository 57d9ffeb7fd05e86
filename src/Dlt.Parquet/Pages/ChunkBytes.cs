namespace Dlt.Parquet.Pages;

/// <summary>
/// Bytes of encoded column chunks in pieces of the same size: a doubling array would use up to three times the size of a row group.
/// </summary>
internal sealed class ChunkBytes
{
    private const int PieceBytes = 256 << 10;

    private readonly List<NativeArray<byte>> _pieces = [];

    public long Length { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var (piece, at) = Math.DivRem(Length, PieceBytes);
            if (piece == _pieces.Count) _pieces.Add(NewPiece());
            var part = bytes[..(int)Math.Min(bytes.Length, PieceBytes - at)];
            part.CopyTo(_pieces[(int)piece].AsSpan((int)at, part.Length));
            Length += part.Length;
            bytes = bytes[part.Length..];
        }
    }

    /// <summary>Writes the bytes to a file and removes them.</summary>
    public void MoveTo(Stream file)
    {
        foreach (var piece in _pieces)
        {
            file.Write(piece.AsSpan(0, (int)Math.Min(Length, PieceBytes)));
            Length -= Math.Min(Length, PieceBytes);
        }

        Clear();
    }

    public void Clear()
    {
        foreach (var piece in _pieces) piece.Free();
        _pieces.Clear();
        Length = 0;
    }

    private static NativeArray<byte> NewPiece()
    {
        var piece = new NativeArray<byte>();
        piece.Reserve(PieceBytes);
        return piece;
    }
}
