namespace Dlt.Iceberg;

/// <summary>Compares values of any type by their contents. Keys of maps may be bytes, structs or lists.</summary>
internal sealed class NestedValueComparer : IEqualityComparer<object>
{
    private NestedValueComparer()
    {
    }

    public static NestedValueComparer Instance { get; } = new();

    bool IEqualityComparer<object>.Equals(object? x, object? y) => AreEqual(x, y);

    int IEqualityComparer<object>.GetHashCode(object value) => Hash(value);

    private static bool AreEqual(object? x, object? y) => (x, y) switch
    {
        (object?[] a, object?[] b) => a.Length == b.Length && a.Zip(b).All(p => AreEqual(p.First, p.Second)),
        (List<object?> a, List<object?> b) => a.Count == b.Count && a.Zip(b).All(p => AreEqual(p.First, p.Second)),
        (List<KeyValuePair<object?, object?>> a, List<KeyValuePair<object?, object?>> b) =>
            a.Count == b.Count && a.Zip(b).All(p => AreEqual(p.First.Key, p.Second.Key) && AreEqual(p.First.Value, p.Second.Value)),
        _ => ValueEquality.AreEqual(x, y),
    };

    private static int Hash(object? value) => value switch
    {
        object?[] members => members.Aggregate(members.Length, (hash, member) => HashCode.Combine(hash, Hash(member))),
        List<object?> items => items.Aggregate(items.Count, (hash, item) => HashCode.Combine(hash, Hash(item))),
        List<KeyValuePair<object?, object?>> pairs =>
            pairs.Aggregate(pairs.Count, (hash, pair) => HashCode.Combine(hash, Hash(pair.Key), Hash(pair.Value))),
        _ => ValueEquality.Hash(value),
    };
}
