namespace Dlt.Parquet.Encodings;

/// <summary>Encodes definition levels 0 and 1 as one run of the RLE/bit-packed hybrid, after four bytes of length (data page v1).</summary>
internal static class LevelEncoding
{
    /// <param name="page">Page to write to.</param>
    /// <param name="column">Column whose levels are written.</param>
    /// <param name="firstRow">First row of the page: a multiple of 64.</param>
    /// <param name="rows">Number of rows in the page.</param>
    public static void Write(PageBuffer page, ColumnBuffer column, int firstRow, int rows)
    {
        if (!column.HasValidity)
        {
            WriteRun(page, rows, 1);
            return;
        }

        var groups = (rows + 7) / 8;
        var header = VarIntLength((ulong)groups << 1 | 1);
        page.WriteInt32(header + groups);
        page.WriteVarInt((ulong)groups << 1 | 1);
        var bits = System.Runtime.InteropServices.MemoryMarshal.AsBytes(column.Validity[(firstRow / 64)..])[..groups];
        page.WriteBytes(bits);
    }

    /// <summary>Writes levels of any size as one bit-packed run.</summary>
    public static void Write(PageBuffer page, ReadOnlySpan<byte> levels, int max)
    {
        var width = 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)max);
        var groups = (levels.Length + 7) / 8;
        page.WriteInt32(VarIntLength((ulong)groups << 1 | 1) + groups * width);
        page.WriteVarInt((ulong)groups << 1 | 1);
        for (var group = 0; group < groups; group++)
        {
            ulong bits = 0;
            for (var i = 0; i < 8 && group * 8 + i < levels.Length; i++) bits |= (ulong)levels[group * 8 + i] << (i * width);
            for (var i = 0; i < width; i++) page.WriteByte((byte)(bits >> (i * 8)));
        }
    }

    public static void WriteRun(PageBuffer page, int rows, byte level)
    {
        page.WriteInt32(VarIntLength((ulong)rows << 1) + 1);
        page.WriteVarInt((ulong)rows << 1);
        page.WriteByte(level);
    }

    private static int VarIntLength(ulong value)
    {
        var length = 1;
        for (; value >= 0x80; value >>= 7) length++;
        return length;
    }
}
