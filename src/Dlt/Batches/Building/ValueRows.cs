using Dlt.Items;

namespace Dlt.Batches.Building;

/// <summary>
/// Gathers rows of values into batches of items. The first value of a column determines whether it holds scalars, dictionaries or lists.
/// </summary>
internal sealed class ValueRows(IReadOnlyList<string> names)
{
    private readonly AnyWriter[] _columns = [.. names.Select(n => new AnyWriter(n))];

    public int Rows { get; private set; }

    /// <summary>True when the batch is large enough to be taken.</summary>
    public bool IsFull =>
        Rows >= BatchBuilder.MaxRows || (BatchBuilder.IsSizeComputed(Rows) && _columns.Sum(c => c.Size) >= BatchBuilder.MaxBytes);

    /// <summary>Returns whether these are the names of the columns, in the same order.</summary>
    public bool HasNames(IEnumerable<string> others) => names.SequenceEqual(others);

    /// <summary>Adds a row with one value per column.</summary>
    /// <returns>False when a value does not fit its column. The row is then not added.</returns>
    public bool TryAdd(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (_columns[i].TryAppend(values[i])) continue;
            foreach (var column in _columns) column.Truncate(Rows);
            return false;
        }

        Rows++;
        return true;
    }

    /// <summary>Returns the rows as a batch and starts a new one.</summary>
    public ItemBatch Take()
    {
        var batch = ItemBatch.Of([.. _columns.Select(c => c.Build())], Rows);
        Rows = 0;
        return batch;
    }
}
