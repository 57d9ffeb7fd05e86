using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Iceberg;
using ArrowSchema = Apache.Arrow.Schema;
using TimeUnit = Apache.Arrow.Types.TimeUnit;

namespace Dlt.Parquet.Reading;

/// <summary>Converts values of Iceberg columns to Arrow arrays; fields carry their ids as <c>PARQUET:field_id</c>.</summary>
internal static class ArrowColumns
{
    private const int UuidBytes = 16;

    public static ArrowSchema SchemaOf(Dlt.Iceberg.Schema schema) => new([.. schema.Fields.Select(FieldOf)], null);

    /// <summary>Returns true for arrays that hold a scalar type in the form that <see cref="Build"/> creates.</summary>
    public static bool IsOf(IcebergType type, IArrowType array) =>
        type is PrimitiveType { Kind: not PrimitiveKind.Unknown } && (TypeOf(type), array) switch
        {
            (TimestampType own, TimestampType other) => own.Unit == other.Unit && own.Timezone == other.Timezone,
            (Time64Type own, Time64Type other) => own.Unit == other.Unit,
            (Decimal128Type own, Decimal128Type other) => own.Precision == other.Precision && own.Scale == other.Scale,
            (FixedSizeBinaryType own, FixedSizeBinaryType other) => own.ByteWidth == other.ByteWidth,
            var (own, other) => own.TypeId == other.TypeId,
        };

    public static IArrowArray Build(IcebergType type, IReadOnlyList<object?> values)
    {
        var validity = Validity(values, out var nulls);
        IArrowArray Array(params ArrowBuffer[] buffers) =>
            ArrowArrayFactory.BuildArray(new ArrayData(TypeOf(type), values.Count, nulls, 0, [validity, .. buffers]));
        switch (type)
        {
            case Dlt.Iceberg.StructType structure:
                var children = structure.Fields.Select((f, i) => Build(f.Type, [.. values.Select(v => MemberOf(v, f, i))]).Data);
                return ArrowArrayFactory.BuildArray(new ArrayData(TypeOf(type), values.Count, nulls, 0, [validity], [.. children]));
            case Dlt.Iceberg.ListType list:
                var items = values.Select(v => v as List<object?> ?? []).ToList();
                var starts = Offsets(items.Select(i => i.Count));
                var elements = Build(list.Element, [.. items.SelectMany(i => i)]).Data;
                return ArrowArrayFactory.BuildArray(
                    new ArrayData(TypeOf(type), values.Count, nulls, 0, [validity, starts], [elements]));
            case Dlt.Iceberg.MapType map:
                var pairs = values.Select(v => v as List<KeyValuePair<object?, object?>> ?? []).ToList();
                var all = pairs.SelectMany(p => p).ToList();
                var keys = Build(map.Key, [.. all.Select(p => p.Key)]).Data;
                var contents = Build(map.Value, [.. all.Select(p => p.Value)]).Data;
                var entries = new ArrayData(EntriesOf(map), all.Count, 0, 0, [ArrowBuffer.Empty], [keys, contents]);
                var offsets = Offsets(pairs.Select(p => p.Count));
                return ArrowArrayFactory.BuildArray(
                    new ArrayData(TypeOf(type), values.Count, nulls, 0, [validity, offsets], [entries]));
        }

        var primitive = (PrimitiveType)type;
        switch (primitive.Kind)
        {
            case PrimitiveKind.Boolean:
                var bits = new byte[(values.Count + 7) / 8];
                for (var i = 0; i < values.Count; i++)
                    if (values[i] is { } flag && Own<bool>(flag)) bits[i >> 3] |= (byte)(1 << (i & 7));
                return Array(new ArrowBuffer(bits));
            case PrimitiveKind.Int or PrimitiveKind.Date: return Array(Fixed<int>(values));
            case PrimitiveKind.Float: return Array(Fixed<float>(values));
            case PrimitiveKind.Double: return Array(Fixed<double>(values));
            case PrimitiveKind.Decimal: return Array(Fixed<Int128>(values));
            case PrimitiveKind.String or PrimitiveKind.Binary:
                var texts = values.Select(BytesOf).ToList();
                return Array(Offsets(texts.Select(t => t.Length)), new ArrowBuffer(texts.SelectMany(t => t).ToArray()));
            case PrimitiveKind.Uuid or PrimitiveKind.Fixed:
                var width = primitive.Kind == PrimitiveKind.Uuid ? UuidBytes : primitive.Length;
                var content = new byte[values.Count * width];
                for (var i = 0; i < values.Count; i++)
                {
                    if (values[i] is Guid id) id.TryWriteBytes(content.AsSpan(i * width), bigEndian: true, out _);
                    else if (values[i] is { } other) Own<byte[]>(other, width).CopyTo(content, i * width);
                }

                return Array(new ArrowBuffer(content));
            case PrimitiveKind.Unknown: return new NullArray(values.Count);
            default: return Array(Fixed<long>(values));
        }
    }

    /// <summary>
    /// Returns a member of a struct value. A required member of a null struct gets an arbitrary value, because the library would count a
    /// null in it.
    /// </summary>
    private static object? MemberOf(object? structure, NestedField field, int index) => structure is object?[] members
        ? members[index]
        : field.IsRequired ? Unseen(field.Type) : null;

    private static byte[] BytesOf(object? value) => value switch
    {
        null => [],
        string text => Encoding.UTF8.GetBytes(text),
        _ => Own<byte[]>(value),
    };

    /// <summary>Returns an arbitrary value of a type.</summary>
    private static object Unseen(IcebergType type) => type switch
    {
        Dlt.Iceberg.StructType structure => structure.Fields.Select(f => f.IsRequired ? Unseen(f.Type) : null).ToArray(),
        Dlt.Iceberg.ListType => new List<object?>(),
        Dlt.Iceberg.MapType => new List<KeyValuePair<object?, object?>>(),
        PrimitiveType primitive => primitive.Kind switch
        {
            PrimitiveKind.Boolean => false,
            PrimitiveKind.Int or PrimitiveKind.Date => 0,
            PrimitiveKind.Float => 0f,
            PrimitiveKind.Double => 0.0,
            PrimitiveKind.Decimal => Int128.Zero,
            PrimitiveKind.String => "",
            PrimitiveKind.Uuid => Guid.Empty,
            PrimitiveKind.Fixed => new byte[primitive.Length],
            PrimitiveKind.Binary => System.Array.Empty<byte>(),
            _ => 0L,
        },
        _ => throw new InvalidOperationException($"The type {type} is unknown."),
    };

    private static Field FieldOf(NestedField field) => new(
        field.Name, TypeOf(field.Type), !field.IsRequired,
        new Dictionary<string, string> { ["PARQUET:field_id"] = field.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) });

    private static IArrowType TypeOf(IcebergType type) => type switch
    {
        Dlt.Iceberg.StructType structure => new Apache.Arrow.Types.StructType([.. structure.Fields.Select(FieldOf)]),
        Dlt.Iceberg.ListType list =>
            new Apache.Arrow.Types.ListType(FieldOf(new(list.ElementId, "element", list.Element, list.IsElementRequired))),
        Dlt.Iceberg.MapType map =>
            new Apache.Arrow.Types.MapType(FieldOf(new(map.KeyId, "key", map.Key, true)),
                FieldOf(new(map.ValueId, "value", map.Value, map.IsValueRequired))),
        PrimitiveType primitive => primitive.Kind switch
        {
            PrimitiveKind.Boolean => BooleanType.Default,
            PrimitiveKind.Int => Int32Type.Default,
            PrimitiveKind.Long => Int64Type.Default,
            PrimitiveKind.Float => FloatType.Default,
            PrimitiveKind.Double => DoubleType.Default,
            PrimitiveKind.Decimal => new Decimal128Type(primitive.Precision, primitive.Scale),
            PrimitiveKind.Date => Date32Type.Default,
            PrimitiveKind.Time => new Time64Type(TimeUnit.Microsecond),
            PrimitiveKind.Timestamp => new TimestampType(TimeUnit.Microsecond, (string?)null),
            PrimitiveKind.TimestampTz => new TimestampType(TimeUnit.Microsecond, "UTC"),
            PrimitiveKind.TimestampNs => new TimestampType(TimeUnit.Nanosecond, (string?)null),
            PrimitiveKind.TimestampTzNs => new TimestampType(TimeUnit.Nanosecond, "UTC"),
            PrimitiveKind.String => StringType.Default,
            PrimitiveKind.Uuid => new FixedSizeBinaryType(UuidBytes),
            PrimitiveKind.Fixed => new FixedSizeBinaryType(primitive.Length),
            PrimitiveKind.Binary => BinaryType.Default,
            _ => NullType.Default,
        },
        _ => throw new InvalidOperationException($"The type {type} is unknown."),
    };

    private static Apache.Arrow.Types.StructType EntriesOf(Dlt.Iceberg.MapType map) =>
        new([FieldOf(new(map.KeyId, "key", map.Key, true)), FieldOf(new(map.ValueId, "value", map.Value, map.IsValueRequired))]);

    private static ArrowBuffer Fixed<T>(IReadOnlyList<object?> values)
        where T : unmanaged
    {
        var target = new T[values.Count];
        for (var i = 0; i < target.Length; i++)
            if (values[i] is { } value) target[i] = Own<T>(value);
        return new ArrowBuffer(MemoryMarshal.AsBytes<T>(target).ToArray());
    }

    /// <summary>
    /// Checks the form of a value. Values were converted to the forms of their columns before; another form would be written as zero or
    /// shift the values after it.
    /// </summary>
    private static T Own<T>(object value, int? width = null) =>
        value is T own && (width is null || own is byte[] { Length: var length } && length == width)
        ? own
        : throw new InvalidOperationException(
            $"A {value.GetType().Name} is not a {typeof(T).Name}"
            + (width is null ? "." : System.FormattableString.Invariant($" of {width} bytes.")));

    private static ArrowBuffer Offsets(IEnumerable<int> lengths)
    {
        var bytes = new List<byte>(new byte[sizeof(int)]);
        var end = 0;
        Span<byte> buffer = stackalloc byte[sizeof(int)];
        foreach (var length in lengths)
        {
            end += length;
            BinaryPrimitives.WriteInt32LittleEndian(buffer, end);
            bytes.AddRange(buffer);
        }

        return new ArrowBuffer(bytes.ToArray());
    }

    private static ArrowBuffer Validity(IReadOnlyList<object?> values, out int nulls)
    {
        nulls = values.Count(v => v is null);
        if (nulls == 0) return ArrowBuffer.Empty;
        var bits = new byte[(values.Count + 7) / 8];
        for (var i = 0; i < values.Count; i++)
            if (values[i] is not null) bits[i >> 3] |= (byte)(1 << (i & 7));
        return new ArrowBuffer(bits);
    }
}
