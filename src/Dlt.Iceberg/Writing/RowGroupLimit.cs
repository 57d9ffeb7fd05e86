namespace Dlt.Iceberg;

/// <summary>Where a row group ends at the latest, and what its rows take in memory.</summary>
internal static class RowGroupLimit
{
    /// <summary>The most rows of a row group.</summary>
    public const int Rows = 1 << 17;

    private const int FixedBytes = 8;

    /// <summary>Bytes of a value in the forms of <see cref="PrimitiveKind"/>, roughly.</summary>
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
