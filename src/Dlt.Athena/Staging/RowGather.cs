using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Dlt.Destinations.Staging;

/// <summary>
/// Copies rows of Arrow batches into batches of their own, in time that depends on the number of values alone. Not safe for concurrent use.
/// </summary>
internal sealed class RowGather
{
    private readonly ArrowBuffer.Builder<byte> _bytes = new(0);

    /// <summary>Copies rows.</summary>
    /// <param name="batch">The batch; the result shares no memory with it.</param>
    /// <param name="rows">Numbers of rows.</param>
    public RecordBatch Take(RecordBatch batch, ReadOnlySpan<int> rows)
    {
        var columns = new List<IArrowArray>(batch.ColumnCount);
        foreach (var column in batch.Arrays) columns.Add(ArrowArrayFactory.BuildArray(Take(column.Data, rows)));
        return new(batch.Schema, columns, rows.Length);
    }

    /// <summary>Bytes of the values of a batch.</summary>
    public static long SizeOf(RecordBatch batch) => batch.Arrays.Sum(a => SizeOf(a.Data));

    private static long SizeOf(ArrayData data) =>
        data.Buffers.Sum(b => (long)b.Length) + (data.Children?.Sum(c => c is null ? 0 : SizeOf(c)) ?? 0);

    private ArrayData Take(ArrayData data, ReadOnlySpan<int> rows)
    {
        if (data.Offset != 0) rows = Shifted(rows, data.Offset);
        if (data.DataType is NullType) return new(data.DataType, rows.Length, rows.Length, 0, System.Array.Empty<ArrowBuffer>());
        var (validity, nulls) = Validity(data, rows);
        return data.DataType switch
        {
            BooleanType => new(data.DataType, rows.Length, nulls, 0, [validity, Bits(data.Buffers[1].Span, rows)]),
            StringType or BinaryType => Texts(data, rows, validity, nulls),
            ListType or MapType => Lists(data, rows, validity, nulls),
            StructType => Structs(data, rows, validity, nulls),
            FixedWidthType type =>
                new(data.DataType, rows.Length, nulls, 0, [validity, Fixed(data.Buffers[1].Span, type.BitWidth / 8, rows)]),
            _ => throw new DltException($"A column of the type {data.DataType.Name} cannot be divided into partitions. Nothing was loaded; "
                + "the package stays pending. Remove the partitions of the resource, or load into an Iceberg table."),
        };
    }

    private ArrayData Texts(ArrayData data, ReadOnlySpan<int> rows, ArrowBuffer validity, int nulls)
    {
        var from = MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span);
        var source = data.Buffers[2].Span;
        var ends = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++) ends[i + 1] = checked(ends[i] + from[rows[i] + 1] - from[rows[i]]);
        var target = Scratch(ends[^1]);
        for (var i = 0; i < rows.Length; i++) source[from[rows[i]]..from[rows[i] + 1]].CopyTo(target[ends[i]..]);
        var values = Built();
        return new(data.DataType, rows.Length, nulls, 0, [validity, Copied(ends), values]);
    }

    private ArrayData Lists(ArrayData data, ReadOnlySpan<int> rows, ArrowBuffer validity, int nulls)
    {
        var from = MemoryMarshal.Cast<byte, int>(data.Buffers[1].Span);
        var ends = new int[rows.Length + 1];
        for (var i = 0; i < rows.Length; i++) ends[i + 1] = checked(ends[i] + from[rows[i] + 1] - from[rows[i]]);
        var items = new int[ends[^1]];
        for (var i = 0; i < rows.Length; i++)
            for (var k = 0; k < ends[i + 1] - ends[i]; k++) items[ends[i] + k] = from[rows[i]] + k;
        return new(data.DataType, rows.Length, nulls, 0, [validity, Copied(ends)], [Take(data.Children[0], items)]);
    }

    private ArrayData Structs(ArrayData data, ReadOnlySpan<int> rows, ArrowBuffer validity, int nulls)
    {
        var fields = new List<ArrayData>();
        foreach (var child in data.Children) fields.Add(Take(child, rows));
        return new(data.DataType, rows.Length, nulls, 0, [validity], fields);
    }

    private (ArrowBuffer Validity, int Nulls) Validity(ArrayData data, ReadOnlySpan<int> rows)
    {
        var bits = data.Buffers[0].Span;
        if (bits.IsEmpty || data.NullCount == 0) return (ArrowBuffer.Empty, 0);
        var validity = Bits(bits, rows);
        return (validity, rows.Length - BitUtility.CountBits(validity.Span, 0, rows.Length));
    }

    private ArrowBuffer Bits(ReadOnlySpan<byte> source, ReadOnlySpan<int> rows)
    {
        var target = Scratch((rows.Length + 7) / 8);
        target.Clear();
        for (var i = 0; i < rows.Length; i++)
            if ((source[rows[i] >> 3] & (1 << (rows[i] & 7))) != 0) target[i >> 3] |= (byte)(1 << (i & 7));
        return Built();
    }

    private ArrowBuffer Fixed(ReadOnlySpan<byte> source, int width, ReadOnlySpan<int> rows)
    {
        var target = Scratch(checked(rows.Length * width));
        switch (width)
        {
            case sizeof(int):
                Gather(MemoryMarshal.Cast<byte, int>(source), MemoryMarshal.Cast<byte, int>(target), rows);
                break;
            case sizeof(long):
                Gather(MemoryMarshal.Cast<byte, long>(source), MemoryMarshal.Cast<byte, long>(target), rows);
                break;
            default:
                for (var i = 0; i < rows.Length; i++) source.Slice(rows[i] * width, width).CopyTo(target[(i * width)..]);
                break;
        }

        return Built();
    }

    private static void Gather<T>(ReadOnlySpan<T> source, Span<T> target, ReadOnlySpan<int> rows)
    {
        for (var i = 0; i < rows.Length; i++) target[i] = source[rows[i]];   // per value: see bench, partitions
    }

    private ArrowBuffer Copied(int[] values)
    {
        MemoryMarshal.AsBytes(values.AsSpan()).CopyTo(Scratch(values.Length * sizeof(int)));
        return Built();
    }

    private Span<byte> Scratch(int length)
    {
        _bytes.Clear();
        _bytes.Resize(length);
        return _bytes.Span[..length];
    }

    /// <summary>The bytes of <see cref="Scratch"/> in memory that does not move.</summary>
    private ArrowBuffer Built() => _bytes.Build();

    private static int[] Shifted(ReadOnlySpan<int> rows, int offset)
    {
        var shifted = new int[rows.Length];
        for (var i = 0; i < shifted.Length; i++) shifted[i] = rows[i] + offset;
        return shifted;
    }
}
