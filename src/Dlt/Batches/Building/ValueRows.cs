namespace Dlt.Batches.Building;

/// <summary>Gathers rows of values into batches of items. A column holds what its first value is: scalars, dictionaries or lists.</summary>
internal sealed class ValueRows(IReadOnlyList<string> names)
{
    private readonly AnyWriter[] _columns = [.. names.Select(n => new AnyWriter(n))];

    public int Rows { get; private set; }

    /// <summary>True when there are enough rows for a batch.</summary>
    public bool IsFull =>
        Rows >= BatchBuilder.MaxRows || (BatchBuilder.IsLookedAt(Rows) && _columns.Sum(c => c.Size) >= BatchBuilder.MaxBytes);

    /// <summary>True when these are the names of the columns, in their order.</summary>
    public bool HasNames(IEnumerable<string> others) => names.SequenceEqual(others);

    /// <summary>Adds a row.</summary>
    /// <returns>False when a value does not suit its column; the row is not added.</returns>
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

    /// <summary>Hands the rows out and begins again.</summary>
    public ItemBatch Take()
    {
        var batch = ItemBatch.Of([.. _columns.Select(c => c.Build())], Rows);
        Rows = 0;
        return batch;
    }
}
