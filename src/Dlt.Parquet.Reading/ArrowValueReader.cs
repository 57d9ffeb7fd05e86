using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Iceberg;
using TimeUnit = Apache.Arrow.Types.TimeUnit;

namespace Dlt.Parquet.Reading;

/// <summary>Reads values of Arrow arrays in the forms of this library's Iceberg types.</summary>
internal static class ArrowValueReader
{
    /// <returns>A function from row index to value; null when the array cannot hold values of the type.</returns>
    public static Func<int, object>? Of(IArrowArray array, PrimitiveType type)
    {
        switch (array)
        {
            case BooleanArray flags: return i => flags.GetValue(i)!.Value;
            case Int8Array n: return i => (int)n.GetValue(i)!.Value;
            case Int16Array n: return i => (int)n.GetValue(i)!.Value;
            case UInt8Array n: return i => (int)n.GetValue(i)!.Value;
            case UInt16Array n: return i => (int)n.GetValue(i)!.Value;
            case Int32Array n: return i => n.GetValue(i)!.Value;
            case UInt32Array n: return i => (long)n.GetValue(i)!.Value;
            case Int64Array n: return i => n.GetValue(i)!.Value;
            case FloatArray n: return i => n.GetValue(i)!.Value;
            case DoubleArray n: return i => n.GetValue(i)!.Value;
            case Date32Array days: return i => days.GetValue(i)!.Value;
            case Time32Array times: return i => Micros(times.GetValue(i)!.Value, ((Time32Type)times.Data.DataType).Unit);
            case Time64Array times: return i => Micros(times.GetValue(i)!.Value, ((Time64Type)times.Data.DataType).Unit);
            case TimestampArray times:
                var unit = ((TimestampType)times.Data.DataType).Unit;
                return type.Kind is PrimitiveKind.TimestampNs or PrimitiveKind.TimestampTzNs
                    ? i => Nanos(times.GetValue(i)!.Value, unit)
                    : i => Micros(times.GetValue(i)!.Value, unit);
            case StringArray texts: return i => texts.GetString(i);
            case LargeStringArray texts: return i => texts.GetString(i);
            case Decimal128Array numbers:
                var scale = ((Decimal128Type)numbers.Data.DataType).Scale;
                return i =>
                {
                    var bytes = numbers.ValueBuffer.Span.Slice((numbers.Offset + i) * 16, 16);
                    return Rescaled(BinaryPrimitives.ReadInt128LittleEndian(bytes), scale, type.Scale);
                };
            case Apache.Arrow.Arrays.FixedSizeBinaryArray bytes: return i => bytes.GetBytes(i).ToArray();
            case BinaryArray bytes: return i => bytes.GetBytes(i).ToArray();
            case LargeBinaryArray bytes: return i => bytes.GetBytes(i).ToArray();
            case DictionaryArray coded when Of(coded.Dictionary, type) is { } values
                && Of(coded.Indices, new PrimitiveType(PrimitiveKind.Long)) is { } codes:
                return i => values(Convert.ToInt32(codes(i), System.Globalization.CultureInfo.InvariantCulture));
            case ExtensionArray extension: return Of(extension.Storage, type);
            case NullArray: return _ => throw new InvalidOperationException("A null array has no values.");
            default: return null;
        }
    }

    private static Int128 Rescaled(Int128 value, int from, int to)
    {
        for (; from < to; from++) value *= 10;
        return value;
    }

    private static object Micros(long value, TimeUnit unit) => unit switch
    {
        TimeUnit.Second => value * 1_000_000,
        TimeUnit.Millisecond => value * 1000,
        TimeUnit.Microsecond => value,
        _ => (value - (value % 1000 + 1000) % 1000) / 1000,   // rounded down, also before 1970
    };

    private static object Nanos(long value, TimeUnit unit) => unit switch
    {
        TimeUnit.Nanosecond => value,
        _ => (long)Micros(value, unit) * 1000,
    };
}
