namespace Dlt.Iceberg;

/// <summary>Holds the rows of a file until all are there, and hands them on in the table's sort order.</summary>
/// <param name="sorter">The order.</param>
/// <param name="file">Takes the sorted rows.</param>
internal sealed class SortingRowAppender(RowSorter sorter, IRowAppender file) : IRowAppender
{
    private const int HeldValueBytes = 24;   // what .NET takes for a value in a row, beside its own bytes

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

    public void Flush() => throw new InvalidOperationException("The rows of a sorted file are written when all are there.");

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
