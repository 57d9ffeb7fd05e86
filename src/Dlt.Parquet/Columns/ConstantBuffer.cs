namespace Dlt.Parquet;

/// <summary>A text column with the same value in every row, such as <c>_dlt_load_id</c>. It stores the value once.</summary>
/// <param name="name">Name of the column, for messages.</param>
/// <param name="value">Value of all rows, in UTF-8.</param>
public sealed class ConstantBuffer(string name, byte[] value) : ColumnBuffer(name)
{
    internal byte[] Value { get; } = value;

    /// <inheritdoc/>
    public override long ByteSize => 0;

    /// <summary>Extends the column to <paramref name="rows"/> rows, all with the value.</summary>
    public void CoverTo(int rows)
    {
        if (rows <= Rows) return;
        ValueCount = rows;
        Rows = rows;
    }

    /// <inheritdoc/>
    public override ColumnBuffer NewEmpty() => new ConstantBuffer(Name, Value);

    private protected override void MoveValues(int from, int to, int count)
    {
    }

    private protected override void RemoveLast()
    {
    }

    private protected override void AppendFrom(int row, ColumnBuffer other, int index) => CoverTo(row + 1);

    private protected override void AppendValues(ColumnBuffer other)
    {
    }
}
