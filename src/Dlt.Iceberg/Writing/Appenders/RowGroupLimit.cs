namespace Dlt.Iceberg;

/// <summary>Limits of a row group, and sizes of its rows in memory.</summary>
internal static class RowGroupLimit
{
    /// <summary>Maximum number of rows in a row group.</summary>
    public const int Rows = 1 << 17;

    private const int FixedBytes = 8;

    /// <summary>Approximate size in bytes of a value in the form of <see cref="PrimitiveKind"/>.</summary>
    public static long SizeOf(object? value) => value switch
    {
        string text => text.Length,
        byte[] bytes => bytes.Length,
        object?[] members => members.Sum(SizeOf),
        List<object?> items => items.Sum(SizeOf),
        List<KeyValuePair<object?, object?>> pairs => pairs.Sum(p => SizeOf(p.Key) + SizeOf(p.Value)),
        _ => FixedBytes,
    };
}
