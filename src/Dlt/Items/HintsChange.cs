namespace Dlt.Extract;

/// <summary>The hints of a <see cref="HintedItem"/>, on their way to the writer ahead of the items that they came with.</summary>
/// <param name="Hints">The hints.</param>
/// <param name="IsVariant">True: they hold only for the table that they name.</param>
/// <param name="IsAlone">True when no item follows.</param>
internal sealed record HintsChange(ItemHints Hints, bool IsVariant, bool IsAlone);
