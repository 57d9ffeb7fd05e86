namespace Dlt.Iceberg;

/// <summary>
/// Equality of column values. Floats are compared by their bits: -0 differs from 0, and NaN equals NaN (docs/spec/iceberg.md 4.3). Integers
/// and floats of different sizes are comparable.
/// </summary>
internal static class ValueEquality
{
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
