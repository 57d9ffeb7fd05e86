namespace Dlt.Columns;

/// <summary>A text column with one value for every row, such as <c>_dlt_load_id</c>: it costs no memory.</summary>
internal sealed class ConstantBuffer(string name, byte[] value) : ColumnBuffer(name)
{
    public byte[] Value { get; } = value;

    public override long ByteSize => 0;

    /// <summary>Every row up to <paramref name="rows"/> has the value.</summary>
    public void CoverTo(int rows)
    {
        if (rows <= Rows) return;
        ValueCount = rows;
        Rows = rows;
    }

    public override ColumnBuffer NewEmpty() => new ConstantBuffer(Name, Value);

    protected override void RemoveLast()
    {
    }

    protected override void AppendFrom(int row, ColumnBuffer other, int index) => CoverTo(row + 1);

    protected override void AppendValues(ColumnBuffer other)
    {
    }
}
