using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>A partition as a dictionary key. Floats are compared by their bits; NaN equals NaN (docs/spec/iceberg.md 4.3).</summary>
internal sealed class PartitionKey(int specId, ImmutableArray<object?> values) : IEquatable<PartitionKey>
{
    public int SpecId { get; } = specId;

    public ImmutableArray<object?> Values { get; } = values;

    public bool Equals(PartitionKey? other) => other is not null && SpecId == other.SpecId && Values.Length == other.Values.Length
        && Values.Zip(other.Values).All(p => ValueEquality.AreEqual(p.First, p.Second));

    public override bool Equals(object? obj) => Equals(obj as PartitionKey);

    public override int GetHashCode() => Values.Aggregate(SpecId, (hash, value) => HashCode.Combine(hash, ValueEquality.Hash(value)));
}
