namespace Dlt;

/// <summary>
/// Marks the items that a generator or a transformer yields with their table or with hints for it (dlt documentation, Resource).
/// </summary>
/// <remarks>All items can be marked: objects, JSON, lists of items, Arrow batches, <see cref="EmptyTable"/>.</remarks>
public static class Mark
{
    /// <summary>Marks an item, or a page of items, for another table of the same resource.</summary>
    /// <param name="item">The item or page. A page without items declares the table without rows.</param>
    /// <param name="table">Name of the table. The table has the hints of the resource, or those of its table variant.</param>
    /// <exception cref="ArgumentException">The name is null, empty or white space.</exception>
    public static TableItem WithTableName(object? item, string table)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(table);
        return new(table, item);
    }

    /// <summary>Adds hints to an item or a page of items. They apply from this item on, until the run ends or other hints follow.</summary>
    /// <param name="item">The item or page; null for hints alone, which declare the table without rows.</param>
    /// <param name="hints">
    /// Hints that override those of the resource. They apply to all rows that this run loads into the table, including earlier ones: a load
    /// has one write disposition per table, and one type per column.
    /// </param>
    /// <param name="createTableVariant">
    /// True to apply the hints only to the table that they name. The item is loaded into that table, and so are items that
    /// <see cref="WithTableName"/> marks for it; the resource does not change. A variant starts with the current hints of the resource,
    /// without its cursor.
    /// </param>
    /// <exception cref="ArgumentException">The hints of a variant have no table name, or choose it by the item.</exception>
    public static HintedItem WithHints(object? item, ItemHints hints, bool createTableVariant = false)
    {
        ArgumentNullException.ThrowIfNull(hints);
        if (createTableVariant && hints.TableNameOf is not null)
        {
            throw new ArgumentException(
                "A table variant describes one table, so its name cannot depend on the item. Set TableName instead of TableNameOf.",
                nameof(hints));
        }

        if (createTableVariant && string.IsNullOrWhiteSpace(hints.TableName))
            throw new ArgumentException("A table variant needs the name of its table. Set TableName.", nameof(hints));
        return new(item, hints, createTableVariant);
    }
}
