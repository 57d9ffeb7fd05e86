using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>A partition: floats are compared by their bits, NaN equals NaN (spec/iceberg.md 4.3).</summary>
internal sealed class PartitionKey(int specId, ImmutableArray<object?> values) : IEquatable<PartitionKey>
{
    public int SpecId { get; } = specId;

    public ImmutableArray<object?> Values { get; } = values;

    public bool Equals(PartitionKey? other) => other is not null && SpecId == other.SpecId && Values.Length == other.Values.Length
        && Values.Zip(other.Values).All(p => AreEqual(p.First, p.Second));

    public override bool Equals(object? obj) => Equals(obj as PartitionKey);

    public override int GetHashCode() => Values.Aggregate(SpecId, (hash, value) => HashCode.Combine(hash, Hash(value)));

    public static bool AreEqual(object? a, object? b) => (a, b) switch
    {
        (null, null) => true,
        (null, _) or (_, null) => false,
        (byte[] x, byte[] y) => x.AsSpan().SequenceEqual(y),
        (double x, double y) =>
            (double.IsNaN(x) && double.IsNaN(y)) || BitConverter.DoubleToInt64Bits(x) == BitConverter.DoubleToInt64Bits(y),
        (float x, float y) => (float.IsNaN(x) && float.IsNaN(y)) || BitConverter.SingleToInt32Bits(x) == BitConverter.SingleToInt32Bits(y),
        (int x, long y) => x == y,
        (long x, int y) => x == y,
        (float x, double y) => AreEqual((double)x, y),
        (double x, float y) => AreEqual(x, (double)y),
        _ => a.Equals(b),
    };

    public static int Hash(object? value) => value switch
    {
        null => 0,
        byte[] bytes => bytes.Aggregate(17, (hash, b) => hash * 31 + b),
        int number => ((long)number).GetHashCode(),
        float number => Hash((double)number),
        double number => double.IsNaN(number) ? 1 : BitConverter.DoubleToInt64Bits(number).GetHashCode(),
        _ => value.GetHashCode(),
    };
}
