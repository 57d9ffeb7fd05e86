namespace Dlt;

/// <summary>
/// Marks items on their way out of a generator or a transformer: which table they are for, and what holds for it (dlt documentation,
/// Resource).
/// </summary>
/// <remarks>Everything that may be yielded can be marked: objects, JSON, lists of items, Arrow batches, <see cref="EmptyTable"/>.</remarks>
public static class Mark
{
    /// <summary>The item, or page of items, for another table of the same resource.</summary>
    /// <param name="item">The item. A page without items makes the table known, without rows.</param>
    /// <param name="table">The table's name. It has the hints of the resource, or those of the table's variant.</param>
    /// <exception cref="ArgumentException">There is no name.</exception>
    public static TableItem WithTableName(object? item, string table)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(table);
        return new(table, item);
    }

    /// <summary>The item, or page of items, with hints. They hold from this item on, until the run ends or other hints come.</summary>
    /// <param name="item">The item; null for the hints alone, which makes the table known without rows.</param>
    /// <param name="hints">
    /// They are laid over those of the resource. What they say about a table holds for all rows of this run, also for those that came
    /// before: a load has one write disposition a table, and one type a column.
    /// </param>
    /// <param name="createTableVariant">
    /// True: the hints hold only for the table that they name. The item goes there, and so do items that <see cref="WithTableName"/> marks
    /// for it; the resource stays as it is.
    /// A variant begins with the hints that the resource has, without its cursor.
    /// </param>
    /// <exception cref="ArgumentException">A variant has no table name.</exception>
    public static HintedItem WithHints(object? item, ItemHints hints, bool createTableVariant = false)
    {
        ArgumentNullException.ThrowIfNull(hints);
        if (createTableVariant && hints.TableNameOf is not null)
        {
            throw new ArgumentException(
                "A table variant is of one table, so its name cannot depend on the item. Set TableName instead of TableNameOf.",
                nameof(hints));
        }

        if (createTableVariant && string.IsNullOrWhiteSpace(hints.TableName))
            throw new ArgumentException("A table variant needs the name of its table. Set TableName.", nameof(hints));
        return new(item, hints, createTableVariant);
    }
}
