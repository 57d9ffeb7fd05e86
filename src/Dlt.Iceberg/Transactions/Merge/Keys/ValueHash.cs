namespace Dlt.Iceberg;

/// <summary>
/// Hashes values of any type to compare the rows of a merge. The hashes of primitive values are those of <see cref="KeyHash"/>.
/// </summary>
internal static class ValueHash
{
    /// <summary>Hash of a null.</summary>
    public static readonly UInt128 Null = KeyHash.Of("null"u8);

    private static readonly UInt128 Struct = KeyHash.Of("struct"u8);
    private static readonly UInt128 List = KeyHash.Of("list"u8);
    private static readonly UInt128 Map = KeyHash.Of("map"u8);

    /// <summary>Hashes a value: a struct is an array of its fields, a map a list of pairs in any order.</summary>
    public static UInt128 Of(object? value) => value switch
    {
        null => Null,
        object?[] fields => fields.Aggregate(Struct, Combine),
        List<object?> items => items.Aggregate(List, Combine),
        List<KeyValuePair<object?, object?>> pairs => pairs.Aggregate(Map, (sum, pair) => unchecked(sum + Of(pair))),
        _ => KeyHash.Of(value),
    };

    private static UInt128 Of(KeyValuePair<object?, object?> pair) => KeyHash.Combine(Of(pair.Key), Of(pair.Value));

    private static UInt128 Combine(UInt128 hash, object? value) => KeyHash.Combine(hash, Of(value));
}
