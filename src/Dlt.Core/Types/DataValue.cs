using System.Globalization;
using System.Numerics;
using Dlt.Types;

namespace Dlt;

/// <summary>
/// One value with its dlt type. Used where values are handled one at a time: rows outside the fast path, settings, cursors, and values in
/// nested columns.
/// </summary>
/// <remarks>An <c>As…</c> property that does not match <see cref="Type"/> throws or returns a meaningless number.</remarks>
public readonly struct DataValue : IEquatable<DataValue>
{
    private readonly object? _reference;
    private readonly long _bits;

    private DataValue(DataType type, object? reference, long bits = 0)
    {
        Type = type;
        _reference = reference;
        _bits = bits;
    }

    /// <summary>Type of the value.</summary>
    public DataType Type { get; }

    /// <summary>Creates a text value.</summary>
    public static DataValue Text(string value) => new(DataType.Text, value);

    /// <summary>Creates a double.</summary>
    public static DataValue Double(double value) => new(DataType.Double, null, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Creates a double with the text that it was read from, which may have digits that the double does not hold.</summary>
    internal static DataValue Double(double value, string? digits) =>
        new(DataType.Double, digits, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Creates a boolean.</summary>
    public static DataValue Bool(bool value) => new(DataType.Bool, null, value ? 1 : 0);

    /// <summary>Creates an integer of any size.</summary>
    public static DataValue Bigint(BigInteger value) => new(DataType.Bigint, value);

    /// <summary>Creates a decimal.</summary>
    public static DataValue Decimal(BigDecimal value) => new(DataType.Decimal, value);

    /// <summary>Creates a wei: a decimal with up to 78 digits.</summary>
    public static DataValue Wei(BigDecimal value) => new(DataType.Wei, value);

    /// <summary>Creates a timestamp.</summary>
    public static DataValue Timestamp(Timestamp value) => new(DataType.Timestamp, value);

    /// <summary>Creates a date from the days since 1970-01-01.</summary>
    public static DataValue Date(int days) => new(DataType.Date, null, days);

    /// <summary>Creates a time of day from the microseconds since midnight.</summary>
    public static DataValue Time(long micros) => new(DataType.Time, null, micros);

    /// <summary>Creates a binary value; the array is not copied.</summary>
    public static DataValue Binary(byte[] value) => new(DataType.Binary, value);

    /// <summary>Creates a JSON value.</summary>
    public static DataValue Json(JsonValue value) => new(DataType.Json, value);

    /// <summary>Text of a <see cref="DataType.Text"/> value.</summary>
    public string AsText => (string)_reference!;

    /// <summary>Number of a <see cref="DataType.Double"/> value.</summary>
    public double AsDouble => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>Text of a <see cref="DataType.Double"/> value if the double is another number than the text; null otherwise.</summary>
    internal string? LostDigits =>
        Type == DataType.Double && _reference is string digits && BigDecimal.TryParse(digits, out var number)
        && !number.IsShortestOf(AsDouble) ? digits : null;

    /// <summary>Value of a <see cref="DataType.Bool"/> value.</summary>
    public bool AsBool => _bits != 0;

    /// <summary>Number of a <see cref="DataType.Bigint"/> value.</summary>
    public BigInteger AsInteger => (BigInteger)_reference!;

    /// <summary>Number of a <see cref="DataType.Decimal"/> or <see cref="DataType.Wei"/> value.</summary>
    public BigDecimal AsDecimal => (BigDecimal)_reference!;

    /// <summary>Time of a <see cref="DataType.Timestamp"/> value.</summary>
    public Timestamp AsTimestamp => (Timestamp)_reference!;

    /// <summary>Days since 1970-01-01 of a <see cref="DataType.Date"/> value.</summary>
    public int AsDays => (int)_bits;

    /// <summary>Microseconds since midnight of a <see cref="DataType.Time"/> value.</summary>
    public long AsTimeMicros => _bits;

    /// <summary>Bytes of a <see cref="DataType.Binary"/> value; not a copy.</summary>
    public byte[] AsBinary => (byte[])_reference!;

    /// <summary>JSON of a <see cref="DataType.Json"/> value.</summary>
    public JsonValue AsJson => (JsonValue)_reference!;

    /// <summary>
    /// Converts to another type by the rules of dlt, for example <c>"1"</c> to 1 or a date to a timestamp.
    /// </summary>
    /// <param name="type">Type of the result.</param>
    /// <param name="result">The converted value; undefined when the method returns false.</param>
    /// <returns>False when the value cannot be converted.</returns>
    public bool TryConvert(DataType type, out DataValue result) => Coercion.TryCoerce(this, type, out result);

    /// <summary>Reads a value of an extracted file: a scalar, or a text with a type marker. Returns null for <c>null</c>.</summary>
    public static DataValue? FromJson(JsonValue json) => json.Kind switch
    {
        JsonKind.Null => null,
        JsonKind.True => Bool(true),
        JsonKind.False => Bool(false),
        JsonKind.Integer => Bigint(json.AsBigInteger()),
        JsonKind.Real => json.OversizedText is { } text ? Text(text) : Double(json.AsDouble(), json.Digits),
        JsonKind.String => TypedJson.Decode(json.AsString()),
        _ => Json(TypedJson.ToPlain(json)),
    };

    internal static string DateText(int days) =>
        DateOnly.FromDayNumber(days + new DateOnly(1970, 1, 1).DayNumber).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static string TimeText(long micros) => new TimeOnly(micros * TimeSpan.TicksPerMicrosecond)
        .ToString(micros % Dlt.Timestamp.MicrosPerSecond == 0 ? "HH:mm:ss" : "HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    /// <summary>Compares by type and value.</summary>
    public bool Equals(DataValue other) => Type == other.Type && _bits == other._bits
        && (Type == DataType.Double || (_reference is byte[] bytes
            ? other._reference is byte[] otherBytes && bytes.AsSpan().SequenceEqual(otherBytes)
            : Equals(_reference, other._reference)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DataValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() =>
        HashCode.Combine(Type, _bits, Type == DataType.Double || _reference is byte[] ? null : _reference);

    /// <summary>Returns the text that a text column stores.</summary>
    public override string ToString() => Type switch
    {
        DataType.Text => AsText,
        DataType.Double => PythonNumber.Repr(AsDouble),
        DataType.Bool => AsBool ? "True" : "False",
        DataType.Bigint => AsInteger.ToString(CultureInfo.InvariantCulture),
        DataType.Decimal or DataType.Wei => AsDecimal.ToString(),
        DataType.Timestamp => AsTimestamp.ToString(),
        DataType.Date => DateText(AsDays),
        DataType.Time => TimeText(AsTimeMicros),
        DataType.Binary => Convert.ToBase64String(AsBinary),
        _ => JsonText.Write(AsJson),
    };
}
