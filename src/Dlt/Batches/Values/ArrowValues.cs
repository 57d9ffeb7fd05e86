using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Parquet;
using Dlt.Json;
using Dlt.Types;

namespace Dlt.Batches.Values;

/// <summary>The values of one Arrow array: one by one with their dlt type, or all at once into a column buffer.</summary>
internal abstract class ArrowValues(IArrowArray array, ArrowValues? parent)
{
    private readonly ReadOnlyMemory<byte> _validity = array.NullCount == 0 || array.Data.Buffers.Length == 0
        ? default
        : array.Data.Buffers[0].Memory;
    private readonly int _offset = array.Offset;

    protected IArrowArray Array { get; } = array;

    public int Length { get; } = array.Length;

    /// <summary>True when no row, from any on, is null.</summary>
    public virtual bool HasNoNulls => _validity.IsEmpty && (parent?.HasNoNulls ?? true);

    /// <param name="array">The array.</param>
    /// <param name="parent">The struct that it is a field of: where that is null, so is the field.</param>
    public static ArrowValues Of(IArrowArray array, ArrowValues? parent = null) => array.Data.DataType switch
    {
        NullType => new NullValues(array),
        DictionaryType => new DictionaryValues((DictionaryArray)array, parent),
        BooleanType => new BoolValues((BooleanArray)array, parent),
        Int8Type => new IntegerValues<sbyte>(array, parent, DataType.Bigint),
        Int16Type => new IntegerValues<short>(array, parent, DataType.Bigint),
        Int32Type => new IntegerValues<int>(array, parent, DataType.Bigint),
        Int64Type => new IntegerValues<long>(array, parent, DataType.Bigint),
        UInt8Type => new IntegerValues<byte>(array, parent, DataType.Bigint),
        UInt16Type => new IntegerValues<ushort>(array, parent, DataType.Bigint),
        UInt32Type => new IntegerValues<uint>(array, parent, DataType.Bigint),
        UInt64Type => new IntegerValues<ulong>(array, parent, DataType.Bigint),
        Date32Type => new IntegerValues<int>(array, parent, DataType.Date),
        Date64Type => new IntegerValues<long>(array, parent, DataType.Date, divide: 86_400_000),
        TimestampType timestamp => Times<long>(array, parent, DataType.Timestamp, timestamp.Unit, isNaive: timestamp.Timezone is null),
        Time32Type time => Times<int>(array, parent, DataType.Time, time.Unit),
        Time64Type time => Times<long>(array, parent, DataType.Time, time.Unit),
        HalfFloatType => new RealValues<Half>(array, parent),
        FloatType => new RealValues<float>(array, parent),
        DoubleType => new RealValues<double>(array, parent),
        Decimal32Type type => new DecimalValues(array, parent, type.ByteWidth, type.Scale),
        Decimal64Type type => new DecimalValues(array, parent, type.ByteWidth, type.Scale),
        Decimal128Type type => new DecimalValues(array, parent, type.ByteWidth, type.Scale),
        Decimal256Type type => new DecimalValues(array, parent, type.ByteWidth, type.Scale),
        StringType or LargeStringType or StringViewType => new BytesValues(array, parent, DataType.Text),
        BinaryType or LargeBinaryType or BinaryViewType => new BytesValues(array, parent, DataType.Binary),
        FixedSizeBinaryType type => new FixedBytesValues(array, parent, type.ByteWidth),
        StructType => new StructValues((StructArray)array, parent),
        MapType => new MapValues((MapArray)array, parent),
        ListType => ListOf((ListArray)array, parent),
        LargeListType => ListOf((LargeListArray)array, parent),
        FixedSizeListType type =>
            new ListValues(array, parent, ((FixedSizeListArray)array).Values,
            i => ((array.Offset + i) * type.ListSize, (array.Offset + i + 1) * type.ListSize)),
        var other => throw new DltException($"Arrow's type {other.Name} cannot be loaded."),
    };

    public virtual bool IsNull(int row) =>
        (!_validity.IsEmpty && !BitUtility.GetBit(_validity.Span, _offset + row)) || (parent is not null && parent.IsNull(row));

    /// <summary>The value of a row that is not null.</summary>
    public abstract DataValue Value(int row);

    /// <summary>The value of a row as an item has it: nested values stay nested, and values beyond JSON carry their type marker.</summary>
    public JsonValue ToJson(int row) => IsNull(row) ? JsonValue.Null : Json(row);

    /// <summary>
    /// True when all rows from <paramref name="from"/> on fit the column as they are; then <see cref="Copy"/> may be called.
    /// </summary>
    public abstract bool Fits(ColumnType type, int from);

    /// <summary>Puts the rows from <paramref name="from"/> on into a buffer, as its rows from <paramref name="to"/> on.</summary>
    public abstract void Copy(TableColumnTarget target, int to, int from);

    /// <summary>True when a row from <paramref name="from"/> on is not null.</summary>
    public bool HasValue(int from)
    {
        if (HasNoNulls) return from < Length;
        for (var row = from; row < Length; row++)
            if (!IsNull(row)) return true;
        return false;
    }

    /// <summary>True when a row from <paramref name="from"/> on is null while the struct around it is not.</summary>
    public bool HasOwnNull(int from)
    {
        if (HasNoNulls) return false;
        for (var row = from; row < Length; row++)
            if (IsNull(row) && parent?.IsNull(row) != true) return true;
        return false;
    }

    protected virtual JsonValue Json(int row) => TypedJson.Encode(Value(row));

    private static ListValues ListOf(ListArray array, ArrowValues? parent) =>
        new(array, parent, array.Values, i => (array.ValueOffsets[i], array.ValueOffsets[i + 1]));

    private static ListValues ListOf(LargeListArray array, ArrowValues? parent) =>
        new(array, parent, array.Values, i => ((int)array.ValueOffsets[i], (int)array.ValueOffsets[i + 1]));

    private static IntegerValues<T> Times<T>(IArrowArray array, ArrowValues? parent, DataType type, TimeUnit unit, bool isNaive = false)
        where T : unmanaged, System.Numerics.IBinaryInteger<T> => unit switch
    {
        TimeUnit.Second => new(array, parent, type, multiply: 1_000_000, isNaive: isNaive),
        TimeUnit.Millisecond => new(array, parent, type, multiply: 1_000, isNaive: isNaive),
        TimeUnit.Microsecond => new(array, parent, type, isNaive: isNaive),
        _ => new(array, parent, type, divide: 1_000, isNaive: isNaive),
    };
}
