using System.Buffers;

namespace Dlt.Iceberg;

/// <summary>Rows of a data file as columns. Valid until the next batch of the file is read.</summary>
/// <param name="first">Position of the first row.</param>
/// <param name="rows">Number of rows.</param>
/// <param name="positions">Position of each row; null when the rows follow one another.</param>
/// <param name="columns">The columns by field id.</param>
internal sealed class ColumnRowBatch(long first, int rows, long[]? positions, IReadOnlyDictionary<int, BatchColumn> columns) : RowBatch
{
    public override int Rows => rows;

    public override long PositionOf(int row) => positions is null ? first + row : positions[row];

    public override object? ValueOf(NestedField field, int row) => columns[field.Id].ValueOf(row);

    public override void Hash(KeyColumns columns, Span<UInt128> hashes, Span<bool> hasNull)
    {
        Hash(columns, hashes, hasNull, nullHash: null);
        for (var i = 0; i < rows; i++)
            if (hasNull[i]) hashes[i] = UInt128.Zero;
    }

    public override void HashValues(KeyColumns columns, Span<UInt128> hashes)
    {
        var isNull = ArrayPool<bool>.Shared.Rent(rows);
        Hash(columns, hashes, isNull, ValueHash.Null);
        ArrayPool<bool>.Shared.Return(isNull);
    }

    private void Hash(KeyColumns key, Span<UInt128> hashes, Span<bool> hasNull, UInt128? nullHash)
    {
        hashes = hashes[..rows];
        hasNull = hasNull[..rows];
        columns[key.Fields[0].Id].Hash(hashes, hasNull);
        SetNulls(hashes, hasNull, nullHash);
        if (key.Fields.Length == 1) return;
        var next = ArrayPool<UInt128>.Shared.Rent(rows);
        var isNull = ArrayPool<bool>.Shared.Rent(rows);
        foreach (var field in key.Fields.Skip(1))
        {
            columns[field.Id].Hash(next.AsSpan(0, rows), isNull.AsSpan(0, rows));
            SetNulls(next.AsSpan(0, rows), isNull.AsSpan(0, rows), nullHash);
            for (var i = 0; i < rows; i++)
            {
                hashes[i] = KeyHash.Combine(hashes[i], next[i]);
                hasNull[i] |= isNull[i];
            }
        }

        ArrayPool<UInt128>.Shared.Return(next);
        ArrayPool<bool>.Shared.Return(isNull);
    }

    private static void SetNulls(Span<UInt128> hashes, ReadOnlySpan<bool> isNull, UInt128? nullHash)
    {
        if (nullHash is not { } hash) return;
        for (var i = 0; i < hashes.Length; i++)
            if (isNull[i]) hashes[i] = hash;
    }
}
