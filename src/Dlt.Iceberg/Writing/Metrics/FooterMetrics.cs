using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>Combines the metrics of one column's chunks. A count or bound is known only if every row group has it.</summary>
internal sealed class FooterMetrics(FooterColumn column)
{
    private bool _hasLower = true;
    private bool _hasUpper = true;
    private object? _lower;
    private object? _upper;

    /// <summary>Number of values, including nulls.</summary>
    public long Values { get; private set; }

    /// <summary>Number of nulls; null if a chunk does not have the count.</summary>
    public long? Nulls { get; private set; } = 0;

    public object? Lower => _hasLower ? _lower : null;

    public object? Upper => _hasUpper ? _upper : null;

    /// <summary>Adds the metrics of the column in one row group.</summary>
    public void Add(ParquetColumnChunk chunk)
    {
        Values += chunk.Values;
        Nulls += chunk.NullCount;
        if (chunk.NullCount == chunk.Values) return;   // all values are null
        Widen(Bound(chunk.Min, chunk.IsMinExact), ref _hasLower, ref _lower, sign: 1);
        Widen(Bound(chunk.Max, chunk.IsMaxExact), ref _hasUpper, ref _upper, sign: -1);
    }

    private object? Bound(byte[]? bytes, bool isExact) => bytes is null ? null : column.Decode(bytes, isExact);

    private static void Widen(object? bound, ref bool isKnown, ref object? known, int sign)
    {
        if (bound is null) isKnown = false;
        else if (known is null || ValueOrder.Compare(bound, known) * sign < 0) known = bound;
    }
}
