using Apache.Arrow;
using Apache.Arrow.Types;

namespace Dlt.Batches;

/// <summary>Compares the columns of batches for equality: names, order and types, including nested fields.</summary>
internal sealed class BatchColumns : IEqualityComparer<Apache.Arrow.Schema>
{
    public static BatchColumns Comparer { get; } = new();

    public bool Equals(Apache.Arrow.Schema? x, Apache.Arrow.Schema? y) =>
        ReferenceEquals(x, y) || (x is not null && y is not null && AreEqual(x.FieldsList, y.FieldsList));

    public int GetHashCode(Apache.Arrow.Schema obj)
    {
        var hash = default(HashCode);
        foreach (var field in obj.FieldsList) hash.Add(field.Name, StringComparer.Ordinal);
        return hash.ToHashCode();
    }

    private static bool AreEqual(IReadOnlyList<Field> some, IReadOnlyList<Field> others)
    {
        if (some.Count != others.Count) return false;
        for (var i = 0; i < some.Count; i++)
            if (some[i].Name != others[i].Name || !AreEqual(some[i].DataType, others[i].DataType)) return false;
        return true;
    }

    private static bool AreEqual(IArrowType one, IArrowType other) => (one, other) switch
    {
        (NestedType some, NestedType others) => some.TypeId == others.TypeId && AreEqual(some.Fields, others.Fields),
        (DictionaryType some, DictionaryType others) => AreEqual(some.ValueType, others.ValueType),
        _ => one.TypeId == other.TypeId,
    };
}
