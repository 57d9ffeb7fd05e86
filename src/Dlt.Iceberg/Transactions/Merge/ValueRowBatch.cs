namespace Dlt.Iceberg;

/// <summary>Rows of a data file as arrays of values.</summary>
/// <param name="rows">The rows with their positions in the file.</param>
/// <param name="columns">Reads each column from a row, by field id.</param>
internal sealed class ValueRowBatch(
    IReadOnlyList<(long Position, object?[] Row)> rows, IReadOnlyDictionary<int, Func<object?[], object?>> columns) : RowBatch
{
    public override int Rows => rows.Count;

    public override long PositionOf(int row) => rows[row].Position;

    public override object? ValueOf(NestedField field, int row) => columns[field.Id](rows[row].Row);

    public override void Hash(KeyColumns columns, Span<UInt128> hashes, Span<bool> hasNull)
    {
        hasNull[..Rows].Clear();
        for (var c = 0; c < columns.Fields.Length; c++)
        {
            for (var i = 0; i < Rows; i++)
            {
                if (ValueOf(columns.Fields[c], i) is not { } value) hasNull[i] = true;
                else hashes[i] = c == 0 ? KeyHash.Of(value) : KeyHash.Combine(hashes[i], KeyHash.Of(value));
            }
        }

        for (var i = 0; i < Rows; i++)
            if (hasNull[i]) hashes[i] = UInt128.Zero;
    }

    public override void HashValues(KeyColumns columns, Span<UInt128> hashes)
    {
        for (var c = 0; c < columns.Fields.Length; c++)
        {
            for (var i = 0; i < Rows; i++)
            {
                var hash = ValueHash.Of(ValueOf(columns.Fields[c], i));
                hashes[i] = c == 0 ? hash : KeyHash.Combine(hashes[i], hash);
            }
        }
    }
}
