using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Parquet;
using Dlt.Types;

namespace Dlt.Batches.Values;

/// <summary>Reads the values of one Arrow array: one by one as dlt values, or all of them into a column buffer.</summary>
internal abstract class ArrowValues(IArrowArray array, ArrowValues? parent)
{
    private readonly ReadOnlyMemory<byte> _validity = array.NullCount == 0 || array.Data.Buffers.Length == 0
        ? default
        : array.Data.Buffers[0].Memory;
    private readonly int _offset = array.Offset;

    protected IArrowArray Array { get; } = array;

    public int Length { get; } = array.Length;

    /// <summary>True when no row is null.</summary>
    public virtual bool HasNoNulls => _validity.IsEmpty && (parent?.HasNoNulls ?? true);

    /// <summary>Creates the reader for the type of an array.</summary>
    /// <param name="array">Array to read.</param>
    /// <param name="parent">Struct that the array is a field of, null for none. Where the struct is null, the field is null.</param>
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
        FixedSizeListType type => ListOf((FixedSizeListArray)array, parent, type.ListSize),
        var other => throw new DltException($"The Arrow type {other.Name} cannot be loaded."),
    };

    /// <summary>Returns whether a row, or the struct around it, is null.</summary>
    public virtual bool IsNull(int row) =>
        (!_validity.IsEmpty && !BitUtility.GetBit(_validity.Span, _offset + row)) || (parent is not null && parent.IsNull(row));

    /// <summary>Returns the value of a row that is not null.</summary>
    public abstract DataValue Value(int row);

    /// <summary>Reads an integer, a date or a timestamp without a conversion.</summary>
    /// <returns>False when the row is null, or its value has another type or is beyond its range.</returns>
    public virtual bool TryNumber(int row, out long number, out NumberType type)
    {
        (number, type) = (0, default);
        return false;
    }

    /// <summary>
    /// Returns the value of a row as in an item: nested values stay nested, and values without a JSON type have a type marker.
    /// </summary>
    public JsonValue ToJson(int row) => IsNull(row) ? JsonValue.Null : Json(row);

    /// <summary>
    /// Returns whether all rows from <paramref name="from"/> on fit the column without conversion. <see cref="Copy"/> may be called only
    /// then.
    /// </summary>
    public abstract bool Fits(ColumnType type, int from);

    /// <summary>Copies the rows from <paramref name="from"/> on into a buffer, starting at its row <paramref name="to"/>.</summary>
    public abstract void Copy(TableColumnTarget target, int to, int from);

    /// <summary>Returns whether any row from <paramref name="from"/> on is not null.</summary>
    public bool HasValue(int from)
    {
        if (HasNoNulls) return from < Length;
        for (var row = from; row < Length; row++)
            if (!IsNull(row)) return true;
        return false;
    }

    /// <summary>Returns whether any row from <paramref name="from"/> on is null, although the struct around it is not.</summary>
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

    private static ListValues ListOf(FixedSizeListArray array, ArrowValues? parent, int size) =>
        new(array, parent, array.Values, i => ((array.Offset + i) * size, (array.Offset + i + 1) * size));

    private static IntegerValues<T> Times<T>(IArrowArray array, ArrowValues? parent, DataType type, TimeUnit unit, bool isNaive = false)
        where T : unmanaged, System.Numerics.IBinaryInteger<T> => unit switch
        {
            TimeUnit.Second => new(array, parent, type, multiply: 1_000_000, isNaive: isNaive),
            TimeUnit.Millisecond => new(array, parent, type, multiply: 1_000, isNaive: isNaive),
            TimeUnit.Microsecond => new(array, parent, type, isNaive: isNaive),
            _ => new(array, parent, type, divide: 1_000, isNaive: isNaive),
        };
}
