using System.Globalization;
using System.Numerics;
using Dlt.Json;
using Dlt.Types;

namespace Dlt;

/// <summary>
/// One value with its dlt type. It serves the places that handle values one by one: rows that the fast path refuses, settings, cursors,
/// values inside nested columns.
/// </summary>
/// <remarks>An <c>As…</c> property of another type than <see cref="Type"/> throws, or returns a meaningless number.</remarks>
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

    /// <summary>The type of the value.</summary>
    public DataType Type { get; }

    /// <summary>Makes a text.</summary>
    public static DataValue Text(string value) => new(DataType.Text, value);

    /// <summary>Makes a double.</summary>
    public static DataValue Double(double value) => new(DataType.Double, null, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Makes a boolean.</summary>
    public static DataValue Bool(bool value) => new(DataType.Bool, null, value ? 1 : 0);

    /// <summary>Makes an integer of any size.</summary>
    public static DataValue Bigint(BigInteger value) => new(DataType.Bigint, value);

    /// <summary>Makes a decimal.</summary>
    public static DataValue Decimal(BigDecimal value) => new(DataType.Decimal, value);

    /// <summary>Makes a wei, a decimal of up to 78 digits.</summary>
    public static DataValue Wei(BigDecimal value) => new(DataType.Wei, value);

    /// <summary>Makes a date and time of day.</summary>
    public static DataValue Timestamp(Timestamp value) => new(DataType.Timestamp, value);

    /// <summary>Makes a date of the days since 1970-01-01.</summary>
    public static DataValue Date(int days) => new(DataType.Date, null, days);

    /// <summary>Makes a time of day of the microseconds since midnight.</summary>
    public static DataValue Time(long micros) => new(DataType.Time, null, micros);

    /// <summary>Makes a binary value; the array is not copied.</summary>
    public static DataValue Binary(byte[] value) => new(DataType.Binary, value);

    /// <summary>Makes a JSON value.</summary>
    public static DataValue Json(JsonValue value) => new(DataType.Json, value);

    /// <summary>The text of a text.</summary>
    public string AsText => (string)_reference!;

    /// <summary>The number of a double.</summary>
    public double AsDouble => BitConverter.Int64BitsToDouble(_bits);

    /// <summary>The flag of a boolean.</summary>
    public bool AsBool => _bits != 0;

    /// <summary>The number of an integer.</summary>
    public BigInteger AsInteger => (BigInteger)_reference!;

    /// <summary>The number of a decimal or wei.</summary>
    public BigDecimal AsDecimal => (BigDecimal)_reference!;

    /// <summary>The time of a timestamp.</summary>
    public Timestamp AsTimestamp => (Timestamp)_reference!;

    /// <summary>Days since 1970-01-01 of a date.</summary>
    public int AsDays => (int)_bits;

    /// <summary>Microseconds since midnight of a time of day.</summary>
    public long AsTimeMicros => _bits;

    /// <summary>The bytes of a binary value; not a copy.</summary>
    public byte[] AsBinary => (byte[])_reference!;

    /// <summary>The JSON of a JSON value.</summary>
    public JsonValue AsJson => (JsonValue)_reference!;

    /// <summary>Converts to another type by the rules of dlt (docs/spec/pipeline.md 3.3): <c>"1"</c> to 1, a date to a time.</summary>
    /// <param name="type">The wanted type.</param>
    /// <param name="result">The converted value; undefined when the method returns false.</param>
    /// <returns>False when the value has no counterpart of that type.</returns>
    public bool TryConvert(DataType type, out DataValue result) => Coercion.TryCoerce(this, type, out result);

    /// <summary>Reads a value as it stands in an extracted file: a scalar, or a text with a type marker; null for JSON null.</summary>
    public static DataValue? FromJson(JsonValue json) => json.Kind switch
    {
        JsonKind.Null => null,
        JsonKind.True => Bool(true),
        JsonKind.False => Bool(false),
        JsonKind.Integer => Bigint(json.AsBigInteger()),
        JsonKind.Real => json.OversizedText is { } text ? Text(text) : Double(json.AsDouble()),
        JsonKind.String => TypedJson.Decode(json.AsString()),
        _ => Json(TypedJson.ToPlain(json)),
    };

    internal static string DateText(int days) =>
        DateOnly.FromDayNumber(days + new DateOnly(1970, 1, 1).DayNumber).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    internal static string TimeText(long micros) => new TimeOnly(micros * TimeSpan.TicksPerMicrosecond)
        .ToString(micros % Dlt.Timestamp.MicrosPerSecond == 0 ? "HH:mm:ss" : "HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    /// <summary>Compares type and value.</summary>
    public bool Equals(DataValue other) => Type == other.Type && _bits == other._bits
        && (_reference is byte[] bytes
            ? other._reference is byte[] otherBytes && bytes.AsSpan().SequenceEqual(otherBytes)
            : Equals(_reference, other._reference));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is DataValue other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Type, _bits, _reference is byte[] ? null : _reference);

    /// <summary>Returns the text that a text column gets (docs/spec/pipeline.md 3.3).</summary>
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
