namespace Dlt.Iceberg;

/// <summary>Keeps the rows of a file in memory until all are added, then writes them in the table's sort order.</summary>
/// <param name="sorter">Sorts the rows.</param>
/// <param name="file">Receives the sorted rows.</param>
internal sealed class SortingRowAppender(RowSorter sorter, IRowAppender file) : IRowAppender
{
    private const int HeldValueBytes = 24;   // memory that .NET uses for a value in a row, in addition to its bytes

    private readonly List<object?[]> _rows = [];
    private long _heldBytes;

    public long WrittenBytes => file.WrittenBytes;

    public long WaitingBytes => _heldBytes + file.WaitingBytes;

    public bool CanFlush => false;

    public void Add(object?[] row)
    {
        _rows.Add(row);
        _heldBytes += row.Sum(value => RowGroupLimit.SizeOf(value) + HeldValueBytes);
    }

    public void Flush() => throw new InvalidOperationException("The rows of a sorted file are written when all rows are added.");

    public void Complete()
    {
        sorter.Sort(_rows);
        foreach (var row in _rows) file.Add(row);
        _rows.Clear();
        _heldBytes = 0;
        file.Complete();
    }

    public void Dispose() => file.Dispose();
}
