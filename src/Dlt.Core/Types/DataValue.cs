using System.Globalization;
using System.Numerics;
using Dlt.Json;

namespace Dlt.Types;

/// <summary>
/// One value with its dlt type, for the places that handle values one by one: rows that the fast path refuses, configuration, cursors.
/// </summary>
internal readonly struct DataValue : IEquatable<DataValue>
{
    private readonly object? _reference;
    private readonly long _bits;

    private DataValue(DataType type, object? reference, long bits = 0)
    {
        Type = type;
        _reference = reference;
        _bits = bits;
    }

    public DataType Type { get; }

    public static DataValue Text(string value) => new(DataType.Text, value);

    public static DataValue Double(double value) => new(DataType.Double, null, BitConverter.DoubleToInt64Bits(value));

    public static DataValue Bool(bool value) => new(DataType.Bool, null, value ? 1 : 0);

    public static DataValue Bigint(BigInteger value) => new(DataType.Bigint, value);

    public static DataValue Decimal(BigDecimal value) => new(DataType.Decimal, value);

    public static DataValue Wei(BigDecimal value) => new(DataType.Wei, value);

    public static DataValue Timestamp(Timestamp value) => new(DataType.Timestamp, value);

    /// <summary>Days since 1970-01-01.</summary>
    public static DataValue Date(int days) => new(DataType.Date, null, days);

    /// <summary>Microseconds since midnight.</summary>
    public static DataValue Time(long micros) => new(DataType.Time, null, micros);

    public static DataValue Binary(byte[] value) => new(DataType.Binary, value);

    public static DataValue Json(JsonValue value) => new(DataType.Json, value);

    public string AsText => (string)_reference!;

    public double AsDouble => BitConverter.Int64BitsToDouble(_bits);

    public bool AsBool => _bits != 0;

    public BigInteger AsInteger => (BigInteger)_reference!;

    /// <summary>Of a decimal or wei.</summary>
    public BigDecimal AsDecimal => (BigDecimal)_reference!;

    public Timestamp AsTimestamp => (Timestamp)_reference!;

    public int AsDays => (int)_bits;

    public long AsTimeMicros => _bits;

    public byte[] AsBinary => (byte[])_reference!;

    public JsonValue AsJson => (JsonValue)_reference!;

    /// <summary>The value as it stands in an extracted file: a scalar, or a text with a type marker.</summary>
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

    public static string DateText(int days) =>
        DateOnly.FromDayNumber(days + new DateOnly(1970, 1, 1).DayNumber).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string TimeText(long micros) => new TimeOnly(micros * TimeSpan.TicksPerMicrosecond)
        .ToString(micros % Types.Timestamp.MicrosPerSecond == 0 ? "HH:mm:ss" : "HH:mm:ss.ffffff", CultureInfo.InvariantCulture);

    public bool Equals(DataValue other) => Type == other.Type && _bits == other._bits
        && (_reference is byte[] bytes
            ? other._reference is byte[] otherBytes && bytes.AsSpan().SequenceEqual(otherBytes)
            : Equals(_reference, other._reference));

    public override bool Equals(object? obj) => obj is DataValue other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(Type, _bits, _reference is byte[] ? null : _reference);

    /// <summary>The text that a text column gets (spec/pipeline.md 3.3).</summary>
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
