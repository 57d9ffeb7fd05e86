using System.Buffers.Binary;
using System.Text;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// A leaf column of a Parquet file with its field: decodes the column's statistics to values of the field, in the field's unit
/// (docs/spec/iceberg.md 5.1, 5.4).
/// </summary>
internal sealed class FooterColumn
{
    private const long NanosPerMicro = 1000;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ParquetElement _element;
    private readonly PrimitiveType _type;

    /// <param name="element">Column in the file's schema.</param>
    /// <param name="type">Type of the field.</param>
    public FooterColumn(ParquetElement element, PrimitiveType type)
    {
        _element = element;
        _type = type;
    }

    /// <summary>
    /// True if the column has the time unit that Iceberg requires: microseconds, or nanoseconds for the types of version 3. True for
    /// columns without a unit.
    /// </summary>
    public bool HasUnitOfType => NanosPerUnit is not { } nanos || FileUnit == nanos;

    /// <summary>Decodes a bound of the file's statistics.</summary>
    /// <param name="bytes">Bytes of the bound in the footer.</param>
    /// <param name="isExact">False if the bound may be shortened.</param>
    /// <returns>Null if the bound has no value of the field's type.</returns>
    public object? Decode(byte[] bytes, bool isExact)
    {
        switch (_type.Kind)
        {
            case PrimitiveKind.Int or PrimitiveKind.Long: return _element.IsUnsigned ? null : Plain(bytes);
            case PrimitiveKind.Decimal: return _element.Scale == _type.Scale ? Unscaled(bytes) : null;
            case PrimitiveKind.String: return Text(bytes);
            case PrimitiveKind.Fixed or PrimitiveKind.Uuid:
                var isWhole = isExact && _element.TypeLength == bytes.Length;
                return isWhole && _element.PhysicalType == PhysicalType.FixedLenByteArray ? Plain(bytes) : null;
        }

        if (NanosPerUnit is not { } target) return Plain(bytes);
        if (FileUnit is not { } unit || Number(bytes) is not { } number) return null;
        return Converted(number, unit, target);
    }

    /// <summary>
    /// Converts a time between units, of which one is a multiple of the other, and rounds down; null if it does not fit.
    /// </summary>
    private static object? Converted(long number, long unit, long target)
    {
        if (unit >= target)
        {
            var high = Math.BigMul(number, unit / target, out var low);
            return high == low >> 63 ? low : null;   // the upper half repeats the sign
        }

        var (quotient, rest) = Math.DivRem(number, target / unit);
        return rest < 0 ? quotient - 1 : quotient;
    }

    /// <summary>Nanoseconds per unit of the field; null for fields without a time unit.</summary>
    private long? NanosPerUnit => _type.Kind switch
    {
        PrimitiveKind.Time or PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz => NanosPerMicro,
        PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs => 1,
        _ => null,
    };

    /// <summary>Nanoseconds per unit of the file; null if the file does not specify it.</summary>
    private long? FileUnit => _type.Kind == PrimitiveKind.Time ? _element.TimeUnitNanos : _element.TimestampUnitNanos;

    private object? Plain(byte[] bytes) => SingleValue.TryDecode(_type, bytes, out var value) && !ValueOrder.IsNan(value) ? value : null;

    private object? Unscaled(byte[] bytes)
    {
        if (_element.PhysicalType is PhysicalType.Int32 or PhysicalType.Int64)
            return Number(bytes) is { } number ? UnscaledNumber.Of(number) : null;
        return bytes.Length > 0 ? UnscaledNumber.Read(bytes) : null;
    }

    private long? Number(byte[] bytes) => (_element.PhysicalType, bytes.Length) switch
    {
        (PhysicalType.Int32, 4) => BinaryPrimitives.ReadInt32LittleEndian(bytes),
        (PhysicalType.Int64, 8) => BinaryPrimitives.ReadInt64LittleEndian(bytes),
        _ => null,
    };

    /// <summary>Decodes a text; null if a shortened text ends within a character.</summary>
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
