using Dlt.Parquet.Thrift;

namespace Dlt.Iceberg;

/// <summary>What the chunks of one column say together: a count or bound holds only while every row group has it, each by itself.</summary>
internal sealed class FooterMetrics(FooterColumn column)
{
    private const short ValuesMember = 5;
    private const short StatisticsMember = 12;
    private const short NullsMember = 3;
    private const short MaxMember = 5;
    private const short MinMember = 6;
    private const short IsMaxExactMember = 7;
    private const short IsMinExactMember = 8;

    private bool _hasLower = true;
    private bool _hasUpper = true;
    private object? _lower;
    private object? _upper;

    /// <summary>Values, nulls too.</summary>
    public long Values { get; private set; }

    /// <summary>Nulls; null when a chunk does not say.</summary>
    public long? Nulls { get; private set; } = 0;

    public object? Lower => _hasLower ? _lower : null;

    public object? Upper => _hasUpper ? _upper : null;

    /// <param name="chunk">ColumnMetaData of a chunk.</param>
    public void Add(ThriftStruct chunk)
    {
        var values = chunk[ValuesMember]!.Value.Long;
        var statistics = chunk[StatisticsMember]?.Struct;
        var nulls = statistics?[NullsMember]?.Long;
        Values += values;
        Nulls += nulls;
        if (nulls == values) return;   // nothing but nulls
        Widen(Bound(statistics, MinMember, IsMinExactMember), ref _hasLower, ref _lower, sign: 1);
        Widen(Bound(statistics, MaxMember, IsMaxExactMember), ref _hasUpper, ref _upper, sign: -1);
    }

    private object? Bound(ThriftStruct? statistics, short bound, short isExact) =>
        statistics?[bound] is { } bytes ? column.Decode(bytes.Bytes, statistics[isExact] is not { Bool: false }) : null;

    private static void Widen(object? bound, ref bool isKnown, ref object? known, int sign)
    {
        if (bound is null) isKnown = false;
        else if (known is null || ValueOrder.Compare(bound, known) * sign < 0) known = bound;
    }
}
