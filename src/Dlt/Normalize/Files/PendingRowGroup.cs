using Dlt.Parquet;
using Dlt.Normalize.Rows;

namespace Dlt.Normalize.Files;

/// <summary>Collects rows of one table, from chunks in order, until they fill a row group.</summary>
internal sealed class PendingRowGroup
{
    private readonly Dictionary<string, TableColumn> _columns = new(StringComparer.Ordinal);

    public int Rows { get; private set; }

    public IEnumerable<TableColumn> Columns => _columns.Values;

    public long ByteSize => _columns.Values.Sum(c => c.Buffer.ByteSize);

    /// <summary>Moves all rows of a chunk to the end of this row group.</summary>
    public void Take(TableBuffer chunk)
    {
        foreach (var column in chunk.Columns)
        {
            if (!_columns.TryGetValue(column.Schema.Name, out var own))
                _columns[column.Schema.Name] = own = column with { Buffer = column.Buffer.NewEmpty() };
            if (column.Buffer is ConstantBuffer constant) constant.CoverTo(chunk.Rows);
            own.Buffer.Take(column.Buffer, Rows);
        }

        Rows += chunk.Rows;
        chunk.Clear();
    }

    /// <summary>Copies a range of rows.</summary>
    public PendingRowGroup Slice(int from, int count)
    {
        var slice = new PendingRowGroup { Rows = count };
        foreach (var (name, column) in _columns) slice._columns[name] = column with { Buffer = column.Buffer.Slice(from, count) };
        return slice;
    }

    /// <summary>Creates an empty row group with the same columns.</summary>
    public PendingRowGroup NewEmpty()
    {
        var batch = new PendingRowGroup();
        foreach (var column in _columns.Values) batch._columns[column.Schema.Name] = column with { Buffer = column.Buffer.NewEmpty() };
        return batch;
    }

    /// <summary>Frees the memory. The row group must not be used afterwards.</summary>
    public void Release()
    {
        foreach (var column in _columns.Values) column.Buffer.Release();
    }
}
