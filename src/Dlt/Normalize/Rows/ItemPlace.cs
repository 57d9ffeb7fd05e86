using System.Globalization;

namespace Dlt.Normalize.Rows;

/// <summary>A place in an item, such as <c>$.lines[3]</c>.</summary>
/// <param name="Parent">The enclosing place; null for the item.</param>
/// <param name="Key">Key in the enclosing object; null for an element of a list.</param>
/// <param name="Index">Index in the enclosing list; -1 for a field.</param>
internal sealed record ItemPlace(ItemPlace? Parent, string? Key, int Index = -1)
{
    public static readonly ItemPlace Root = new(null, null);

    public ItemPlace At(string key) => new(this, key);

    public ItemPlace At(int index) => new(this, null, index);

    /// <summary>Writes the JSON path.</summary>
    public override string ToString() => (Parent, Key) switch
    {
        (null, _) => "$",
        (_, null) => string.Create(CultureInfo.InvariantCulture, $"{Parent}[{Index}]"),
        _ => Key.Length > 0 && Key.All(c => char.IsLetterOrDigit(c) || c == '_') ? $"{Parent}.{Key}" : $"{Parent}['{Key}']",
    };
}
