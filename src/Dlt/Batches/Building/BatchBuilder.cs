namespace Dlt.Batches.Building;

/// <summary>Gathers rows of scalars, which the caller puts into the columns, into batches of items.</summary>
internal sealed class BatchBuilder(IReadOnlyList<string> names)
{
    public const int MaxRows = 1 << 14;
    public const long MaxBytes = 2 << 20;

    public IReadOnlyList<ValueColumn> Columns { get; } = [.. names.Select(n => new ValueColumn(n))];

    public BatchTexts Texts { get; init; }

    public int Rows { get; private set; }

    /// <summary>True when there are enough rows for a batch.</summary>
    public bool IsFull => Rows >= MaxRows || (IsLookedAt(Rows) && Columns.Sum(c => c.Size) >= MaxBytes);

    /// <summary>
    /// After which rows the size is added up: each of the first powers of two, so that few large rows are noticed, then every 256th.
    /// </summary>
    public static bool IsLookedAt(int rows) => (rows & 255) == 0 || (rows & (rows - 1)) == 0;

    /// <summary>Ends a row whose values are in the columns.</summary>
    public void EndRow() => Rows++;

    /// <summary>Forgets the values of the row at hand.</summary>
    public void Undo()
    {
        foreach (var column in Columns) column.Truncate(Rows);
    }

    /// <summary>Hands the rows out and begins again.</summary>
    public ItemBatch Take()
    {
        var batch = ItemBatch.Of([.. Columns.Select(c => c.Build())], Rows, Texts) with { Names = BatchNames.Columns };
        Rows = 0;
        return batch;
    }
}
