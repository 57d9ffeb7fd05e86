namespace Dlt;

/// <summary>An item, or a page of items, with hints for its table (dlt's <c>with_hints</c>).</summary>
/// <remarks>Create it with <see cref="Dlt.Mark.WithHints"/>.</remarks>
public sealed record HintedItem
{
    internal HintedItem(object? item, ItemHints hints, bool createTableVariant)
    {
        Item = item;
        Hints = hints;
        CreateTableVariant = createTableVariant;
    }

    /// <summary>The item, including any other mark; null for hints without an item.</summary>
    public object? Item { get; }

    /// <summary>Hints for the table of the item.</summary>
    public ItemHints Hints { get; }

    /// <summary>True when the hints apply only to the table that they name.</summary>
    public bool CreateTableVariant { get; }
}
