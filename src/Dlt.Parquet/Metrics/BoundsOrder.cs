using System.Buffers.Binary;

namespace Dlt.Parquet.Metrics;

/// <summary>Compares values of a column by their PLAIN bytes (Parquet format, "ColumnOrder": TYPE_ORDER).</summary>
internal static class BoundsOrder
{
    public static int Compare(ParquetColumn column, ReadOnlySpan<byte> a, ReadOnlySpan<byte> b) => column.PhysicalType switch
    {
        PhysicalType.Int32 => BinaryPrimitives.ReadInt32LittleEndian(a).CompareTo(BinaryPrimitives.ReadInt32LittleEndian(b)),
        PhysicalType.Int64 => BinaryPrimitives.ReadInt64LittleEndian(a).CompareTo(BinaryPrimitives.ReadInt64LittleEndian(b)),
        PhysicalType.Double => BinaryPrimitives.ReadDoubleLittleEndian(a).CompareTo(BinaryPrimitives.ReadDoubleLittleEndian(b)),
        PhysicalType.FixedLenByteArray when column.IsDecimal && (sbyte)a[0] != (sbyte)b[0] => ((sbyte)a[0]).CompareTo((sbyte)b[0]),
        _ => a.SequenceCompareTo(b),
    };

    /// <summary>Merges the bounds of several ranges.</summary>
    /// <returns>Null when no range has bounds.</returns>
    public static ColumnBounds? Merge(ParquetColumn column, IEnumerable<ColumnBounds?> ranges)
    {
        ColumnBounds? all = null;
        foreach (var range in ranges)
            if (range is not null) all = all is null ? range : Merge(column, all, range);
        return all is { Min: null, Max: null } ? null : all;
    }

    private static ColumnBounds Merge(ParquetColumn column, ColumnBounds a, ColumnBounds b)
    {
        var (min, isMinExact) = Choose(a.Min, a.IsMinExact, b.Min, b.IsMinExact, sign: 1);
        var (max, isMaxExact) = Choose(a.Max, a.IsMaxExact, b.Max, b.IsMaxExact, sign: -1);
        return new(min, max, isMinExact, isMaxExact);

        (byte[]? Bound, bool IsExact) Choose(byte[]? left, bool isLeftExact, byte[]? right, bool isRightExact, int sign)
        {
            if (left is null || right is null) return (null, false);   // one range has no bound
            var order = Compare(column, left, right) * sign;
            return order == 0 ? (left, isLeftExact || isRightExact) : order < 0 ? (left, isLeftExact) : (right, isRightExact);
        }
    }
}
