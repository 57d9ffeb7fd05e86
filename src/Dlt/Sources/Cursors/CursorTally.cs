namespace Dlt.Sources.Cursors;

/// <summary>
/// Counts the items that a cursor does not load although no other run will: those before the range of a run that continues earlier ones,
/// and those without a cursor value that are excluded.
/// </summary>
internal sealed class CursorTally
{
    /// <summary>Items before the start of the range.</summary>
    public long Before { get; set; }

    /// <summary>Excluded items without a cursor value.</summary>
    public long Missing { get; set; }

    /// <summary>True when an item of an earlier run came again, as in a source that yields all items in every run.</summary>
    public bool HasRepeated { get; set; }

    /// <summary>True when the generator read the start of the range, so it asks its source for new items only.</summary>
    public bool IsAsked { get; set; }

    /// <summary>True when the generator decides by the position of an item when to end.</summary>
    public bool IsWatched { get; set; }

    /// <summary>
    /// True when items before the range are unexpected: the generator asked for later ones only, or no item of an earlier run came again.
    /// A generator in descending order is expected to end with such items.
    /// </summary>
    public bool IsLate(RowOrder? order) => Before > 0 && order != RowOrder.Desc && !IsWatched && (IsAsked || !HasRepeated);
}
