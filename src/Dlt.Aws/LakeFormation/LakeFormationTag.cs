using System.Collections.Immutable;
using System.ComponentModel;

namespace Dlt.Internal;

/// <summary>An LF-tag of AWS Lake Formation with the values that a resource has of it.</summary>
/// <param name="Key">Key of the tag, 1 to 128 characters. Lake Formation stores it in lower case.</param>
/// <param name="Values">Values, at least one. A resource has at most one value of a key.</param>
/// <param name="CatalogId">Account of the Data Catalog that defines the tag; null for that of the data catalog.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record LakeFormationTag(string Key, ImmutableArray<string> Values, string? CatalogId = null)
{
    /// <summary>Key and values: <c>domain=sales</c>.</summary>
    public override string ToString() => $"{Key}={string.Join(',', Values)}";
}
