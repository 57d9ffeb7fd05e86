namespace Dlt;

/// <summary>An item, or a page of items, that comes with hints (dlt's <c>with_hints</c>).</summary>
/// <remarks><see cref="Dlt.Mark.WithHints"/> makes it.</remarks>
public sealed record HintedItem
{
    internal HintedItem(object? item, ItemHints hints, bool createTableVariant)
    {
        Item = item;
        Hints = hints;
        CreateTableVariant = createTableVariant;
    }

    /// <summary>The item, with any other mark that it has; null for hints alone.</summary>
    public object? Item { get; }

    /// <summary>What the item says about its table.</summary>
    public ItemHints Hints { get; }

    /// <summary>True: the hints hold for the table that they name, and only for it.</summary>
    public bool CreateTableVariant { get; }
}
