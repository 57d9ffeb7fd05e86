namespace Dlt.Columns;

/// <summary>A text column with one value for every row, such as <c>_dlt_load_id</c>: it costs no memory.</summary>
internal sealed class ConstantBuffer(string name, byte[] value) : ColumnBuffer(name)
{
    public byte[] Value { get; } = value;

    public override long ByteSize => 0;

    /// <summary>Every row up to <paramref name="rows"/> has the value.</summary>
    public void CoverTo(int rows)
    {
        while (Rows < rows) Claim(Rows);
    }

    protected override void RemoveLast()
    {
    }
}
