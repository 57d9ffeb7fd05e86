using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>
/// Values of the columns that identify a row, in column order. Two keys are equal when all their values are (<see cref="ValueEquality"/>).
/// </summary>
internal sealed class RowKey(ImmutableArray<object?> values) : IEquatable<RowKey>
{
    public ImmutableArray<object?> Values { get; } = values;

    public bool Equals(RowKey? other)
    {
        if (other is null || Values.Length != other.Values.Length) return false;
        for (var i = 0; i < Values.Length; i++)
            if (!ValueEquality.AreEqual(Values[i], other.Values[i])) return false;
        return true;
    }

    public override bool Equals(object? obj) => Equals(obj as RowKey);

    public override int GetHashCode()
    {
        var hash = Values.Length;
        foreach (var value in Values) hash = HashCode.Combine(hash, ValueEquality.Hash(value));
        return hash;
    }
}
