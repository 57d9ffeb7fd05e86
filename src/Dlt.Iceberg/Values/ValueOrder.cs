using System.Text;

namespace Dlt.Iceberg;

/// <summary>The order of values in bounds: texts by their UTF-8 bytes, -0.0 before 0.0, NaN last (docs/spec/iceberg.md 3.7, 4.6).</summary>
internal static class ValueOrder
{
    public static int Compare(object a, object b) => (a, b) switch
    {
        (string x, string y) => Compare(x, y),
        (byte[] x, byte[] y) => x.AsSpan().SequenceCompareTo(y),
        (double x, double y) => Compare(x, y),
        (float x, float y) => Compare(x, y),
        (float x, double y) => Compare(x, y),
        (double x, float y) => Compare(x, (double)y),
        (int x, int y) => x.CompareTo(y),
        (long x, long y) => x.CompareTo(y),
        (int x, long y) => ((long)x).CompareTo(y),
        (long x, int y) => x.CompareTo((long)y),
        (Int128 x, Int128 y) => x.CompareTo(y),
        (bool x, bool y) => x.CompareTo(y),
        (Guid x, Guid y) => UuidRange.Compare(x, y),
        _ => throw new InvalidOperationException($"{a.GetType().Name} and {b.GetType().Name} have no order."),
    };

    public static bool IsNan(object? value) => value is double.NaN or float.NaN;

    public static bool IsZero(object? value) => value is 0.0 or 0f;

    private static int Compare(double x, double y)
    {
        if (double.IsNaN(x) || double.IsNaN(y)) return double.IsNaN(x).CompareTo(double.IsNaN(y));
        var order = x.CompareTo(y);
        return order != 0 || x != 0 ? order : double.IsNegative(y).CompareTo(double.IsNegative(x));
    }

    /// <summary>UTF-16 sorts characters outside the basic plane before U+E000 to U+FFFF; UTF-8 sorts them last.</summary>
    private static int Compare(string x, string y)
    {
        var length = Math.Min(x.Length, y.Length);
        for (var i = 0; i < length; i++)
        {
            if (x[i] == y[i]) continue;
            return char.IsSurrogate(x[i]) == char.IsSurrogate(y[i]) ? x[i].CompareTo(y[i]) : char.IsSurrogate(x[i]) ? 1 : -1;
        }

        return x.Length.CompareTo(y.Length);
    }

    /// <summary>True if a text or binary value starts with the prefix, byte by byte.</summary>
    public static bool StartsWith(object value, object prefix) => value switch
    {
        string text => text.StartsWith((string)prefix, StringComparison.Ordinal),
        byte[] bytes => bytes.AsSpan().StartsWith(prefix as byte[] ?? Encoding.UTF8.GetBytes((string)prefix)),
        _ => false,
    };
}
