namespace Dlt.Items;

/// <summary>The hints of a <see cref="HintedItem"/>, passed to the writer before the items that they apply to.</summary>
/// <param name="Hints">Hints of the item.</param>
/// <param name="IsVariant">True when the hints apply only to the table that they name.</param>
/// <param name="IsAlone">True when no item follows.</param>
internal sealed record HintsChange(ItemHints Hints, bool IsVariant, bool IsAlone);
