using System.Buffers.Binary;
using System.Text;
using Dlt.Parquet.Thrift;

namespace Dlt.Iceberg;

/// <summary>
/// A leaf column of a Parquet file beside the field that it is: reads its statistics as values of the field, in the unit of the field
/// (spec/iceberg.md 5.1, 5.4).
/// </summary>
internal sealed class FooterColumn
{
    private const int Int32 = 1;
    private const int Int64 = 2;
    private const int FixedLength = 7;
    private const short TypeMember = 1;
    private const short LengthMember = 2;
    private const short ConvertedMember = 6;
    private const short ScaleMember = 7;
    private const short LogicalMember = 10;
    private const short LogicalDecimal = 5;
    private const short LogicalTime = 7;
    private const short LogicalTimestamp = 8;
    private const short LogicalInteger = 10;
    private const int ConvertedUnsigned8 = 11;
    private const int ConvertedUnsigned64 = 14;
    private const long NanosPerMicro = 1000;
    private const long NanosPerMilli = 1_000_000;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly PrimitiveType _type;
    private readonly long? _physical;
    private readonly long _length;
    private readonly long? _converted;
    private readonly long _scale;
    private readonly ThriftStruct? _logical;

    /// <param name="element">The column in the file's schema.</param>
    /// <param name="type">Type of the field.</param>
    public FooterColumn(ThriftStruct element, PrimitiveType type)
    {
        _type = type;
        _physical = element[TypeMember]?.Long;
        _length = element[LengthMember]?.Long ?? 0;
        _converted = element[ConvertedMember]?.Long;
        _logical = element[LogicalMember]?.Struct;
        _scale = _logical?[LogicalDecimal]?.Struct[1]?.Long ?? element[ScaleMember]?.Long ?? 0;
    }

    /// <summary>
    /// True when the file has the unit that Iceberg files must have: microseconds, or nanoseconds for the types of version 3. Other
    /// columns always have.
    /// </summary>
    public bool HasUnitOfType => NanosPerUnit is not { } nanos || FileUnit == nanos;

    /// <summary>A bound of the file's statistics.</summary>
    /// <param name="bytes">As the footer has it.</param>
    /// <param name="isExact">False for a bound that was cut.</param>
    /// <returns>Null where it does not tell a value of the field.</returns>
    public object? Decode(byte[] bytes, bool isExact)
    {
        switch (_type.Kind)
        {
            case PrimitiveKind.Int or PrimitiveKind.Long: return IsUnsigned ? null : Plain(bytes);
            case PrimitiveKind.Decimal: return _scale == _type.Scale ? Unscaled(bytes) : null;
            case PrimitiveKind.String: return Text(bytes);
            case PrimitiveKind.Fixed or PrimitiveKind.Uuid:
                return isExact && _physical == FixedLength && _length == bytes.Length ? Plain(bytes) : null;
        }

        if (NanosPerUnit is not { } target) return Plain(bytes);
        if (FileUnit is not { } unit || Number(bytes) is not { } number) return null;
        var nanos = (Int128)number * unit;
        var value = (nanos - (((nanos % target) + target) % target)) / target;
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : null;
    }

    /// <summary>Nanoseconds in the unit of the field; null for fields without one.</summary>
    private long? NanosPerUnit => _type.Kind switch
    {
        PrimitiveKind.Time or PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz => NanosPerMicro,
        PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs => 1,
        _ => null,
    };

    /// <summary>Nanoseconds in the unit of the file; null when it does not say.</summary>
    private long? FileUnit
    {
        get
        {
            var annotation = _logical?[_type.Kind == PrimitiveKind.Time ? LogicalTime : LogicalTimestamp]?.Struct;
            if (annotation?[2]?.Struct is { } unit)
                return unit[1] is not null ? NanosPerMilli : unit[2] is not null ? NanosPerMicro : unit[3] is not null ? 1 : null;
            return (_type.Kind == PrimitiveKind.Time, _converted) switch
            {
                (true, 7) or (false, 9) => NanosPerMilli,
                (true, 8) or (false, 10) => NanosPerMicro,
                _ => null,
            };
        }
    }

    private bool IsUnsigned => _logical?[LogicalInteger]?.Struct is { } integer
        ? integer[2] is { Bool: false } : _converted is >= ConvertedUnsigned8 and <= ConvertedUnsigned64;

    private object? Plain(byte[] bytes) => SingleValue.TryDecode(_type, bytes, out var value) && !ValueOrder.IsNan(value) ? value : null;

    private object? Unscaled(byte[] bytes) => _physical is Int32 or Int64 ? Number(bytes) is { } number ? (Int128)number
        : null : bytes.Length > 0 ? UnscaledNumber.Read(bytes) : null;

    private long? Number(byte[] bytes) => (_physical, bytes.Length) switch
    {
        (Int32, 4) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        (Int64, 8) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => null,
    };

    /// <summary>Cut texts may end within a character.</summary>
    private static string? Text(byte[] bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}
