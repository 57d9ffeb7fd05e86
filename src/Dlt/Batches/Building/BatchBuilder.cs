using Dlt.Items;

namespace Dlt.Batches.Building;

/// <summary>Gathers rows of scalars into batches of items. The caller writes the values into the columns.</summary>
internal sealed class BatchBuilder(IReadOnlyList<string> names)
{
    /// <summary>Largest number of rows of a batch.</summary>
    public const int MaxRows = 1 << 14;

    /// <summary>Approximate size in bytes at which a batch is full.</summary>
    public const long MaxBytes = 2 << 20;

    public IReadOnlyList<ValueColumn> Columns { get; } = [.. names.Select(n => new ValueColumn(n))];

    public BatchTexts Texts { get; init; }

    public int Rows { get; private set; }

    /// <summary>True when the batch is large enough to be taken.</summary>
    public bool IsFull => Rows >= MaxRows || (IsSizeComputed(Rows) && Columns.Sum(c => c.Size) >= MaxBytes);

    /// <summary>
    /// Returns whether the size of the batch is computed after a row: after each power of two, so that a few large rows are noticed, and
    /// after every 256th row.
    /// </summary>
    public static bool IsSizeComputed(int rows) => (rows & 255) == 0 || (rows & (rows - 1)) == 0;

    /// <summary>Ends a row after its values were written into the columns.</summary>
    public void EndRow() => Rows++;

    /// <summary>Removes the values of the current row.</summary>
    public void Undo()
    {
        foreach (var column in Columns) column.Truncate(Rows);
    }

    /// <summary>Returns the rows as a batch and starts a new one.</summary>
    public ItemBatch Take()
    {
        var batch = ItemBatch.Of([.. Columns.Select(c => c.Build())], Rows, Texts) with { Names = BatchNames.Columns };
        Rows = 0;
        return batch;
    }
}
