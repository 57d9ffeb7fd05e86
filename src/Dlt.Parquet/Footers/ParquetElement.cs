using Dlt.Parquet.Thrift;

namespace Dlt.Parquet;

/// <summary>A column or a group of columns in the schema of a file (Parquet format, SchemaElement and LogicalTypes.md).</summary>
public sealed class ParquetElement
{
    private const short TypeField = 1;
    private const short LengthField = 2;
    private const short RepetitionField = 3;
    private const short ChildrenField = 5;
    private const short ConvertedField = 6;
    private const short ScaleField = 7;
    private const short IdField = 9;
    private const short LogicalField = 10;
    private const short LogicalDecimal = 5;
    private const short LogicalTime = 7;
    private const short LogicalTimestamp = 8;
    private const short LogicalInteger = 10;
    private const short LogicalUuid = 14;
    private const int ConvertedTimeMillis = 7;
    private const int ConvertedTimeMicros = 8;
    private const int ConvertedTimestampMillis = 9;
    private const int ConvertedTimestampMicros = 10;
    private const int ConvertedUnsigned8 = 11;
    private const int ConvertedUnsigned64 = 14;
    private const long NanosPerMicro = 1000;
    private const long NanosPerMilli = 1_000_000;

    private readonly ThriftStruct _element;

    internal ParquetElement(ThriftStruct element, string name, string? path, int depth)
    {
        _element = element;
        Depth = depth;
        Name = name;
        Path = path;
    }

    /// <summary>Name of the element itself.</summary>
    public string Name { get; }

    /// <summary>
    /// Names from the root, joined by dots, without the repeated groups of lists and maps: <c>items.element.sku</c>. Null for a repeated
    /// group.
    /// </summary>
    public string? Path { get; }

    /// <summary>Number of groups around the element, without the root.</summary>
    public int Depth { get; }

    /// <summary>True when the element has a value in every row or in every element around it.</summary>
    public bool IsRequired => _element.Long(RepetitionField) == 0;

    /// <summary>
    /// True for a column with values, false for a group. The columns are in the order of <see cref="ParquetRowGroup.Columns"/>.
    /// </summary>
    public bool IsLeaf => _element.Long(ChildrenField) is null;

    /// <summary>Physical type of a column; null for a group.</summary>
    public PhysicalType? PhysicalType => (PhysicalType?)_element.Long(TypeField);

    /// <summary>Length in bytes of a <see cref="Dlt.Parquet.PhysicalType.FixedLenByteArray"/>; 0 for other types.</summary>
    public long TypeLength => _element.Long(LengthField) ?? 0;

    /// <summary>Fraction digits of a decimal; 0 for other types.</summary>
    public long Scale => Logical(LogicalDecimal)?.Long(1) ?? _element.Long(ScaleField) ?? 0;

    /// <summary>True for unsigned integers.</summary>
    public bool IsUnsigned => Logical(LogicalInteger) is { } integer
        ? integer[2] is { Bool: false } : Converted is >= ConvertedUnsigned8 and <= ConvertedUnsigned64;

    /// <summary>Nanoseconds per unit of a time of day: 1, 1000 or 1,000,000; null for other types.</summary>
    public long? TimeUnitNanos =>
        Logical(LogicalTime) is { } time ? UnitOf(time) : Unit(ConvertedTimeMillis, ConvertedTimeMicros);

    /// <summary>Nanoseconds per unit of a timestamp: 1, 1000 or 1,000,000; null for other types.</summary>
    public long? TimestampUnitNanos =>
        Logical(LogicalTimestamp) is { } time ? UnitOf(time) : Unit(ConvertedTimestampMillis, ConvertedTimestampMicros);

    /// <summary>True when the values are marked as UUIDs.</summary>
    public bool IsUuid => Logical(LogicalUuid) is not null;

    /// <summary>Field id; null when there is none. Setting null removes it.</summary>
    public int? FieldId
    {
        get => (int?)_element.Long(IdField);
        set
        {
            if (value is { } id) _element.Fields[IdField] = new(ThriftType.I32, (long)id);
            else _element.Fields.Remove(IdField);
        }
    }

    private long? Converted => _element.Long(ConvertedField);

    /// <summary>Marks the column as UUIDs: 16 bytes, big-endian.</summary>
    public void MarkAsUuid()
    {
        var union = new ThriftStruct();
        union.Fields[LogicalUuid] = new(ThriftType.Struct, new ThriftStruct());
        _element.Fields[LogicalField] = new(ThriftType.Struct, union);
    }

    private ThriftStruct? Logical(short member) => _element.Struct(LogicalField)?.Struct(member);

    private static long? UnitOf(ThriftStruct time)
    {
        if (time.Struct(2) is not { } unit) return null;
        return unit[1] is not null ? NanosPerMilli : unit[2] is not null ? NanosPerMicro : unit[3] is not null ? 1 : null;
    }

    private long? Unit(int millis, int micros) => Converted == millis ? NanosPerMilli : Converted == micros ? NanosPerMicro : null;
}
