using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Dlt.Json;

namespace Dlt;

/// <summary>Kinds of a <see cref="JsonValue"/>.</summary>
public enum JsonKind : byte
{
    /// <summary>The value is <c>null</c>.</summary>
    Null,
    /// <summary>The value is <c>false</c>.</summary>
    False,
    /// <summary>The value is <c>true</c>.</summary>
    True,
    /// <summary>The value is a number without fraction or exponent, of any size.</summary>
    Integer,
    /// <summary>The value is a number with a fraction or an exponent.</summary>
    Real,
    /// <summary>The value is a string. The typed values of dlt are strings that start with a marker.</summary>
    String,
    /// <summary>The value is an array.</summary>
    Array,
    /// <summary>The value is an object; its members keep their order.</summary>
    Object,
}

/// <summary>An immutable JSON value. It keeps the order of members and distinguishes integers from reals, which hashes depend on.</summary>
/// <remarks>For duplicate keys, the last value is kept at the position of the first.</remarks>
public sealed class JsonValue : IEquatable<JsonValue>
{
    private static readonly JsonValue NullValue = new(JsonKind.Null);
    private static readonly JsonValue TrueValue = new(JsonKind.True);
    private static readonly JsonValue FalseValue = new(JsonKind.False);

    private readonly object? _reference;
    private readonly long _bits;

    private JsonValue(JsonKind kind, object? reference = null, long bits = 0)
    {
        Kind = kind;
        _reference = reference;
        _bits = bits;
    }

    /// <summary>Parses one JSON value by RFC 8259. Integers keep every digit. For duplicate keys, the last value is kept.</summary>
    /// <param name="utf8">JSON text without a byte order mark, at most 512 levels deep.</param>
    /// <param name="source">File or URL for error messages.</param>
    /// <exception cref="JsonFormatException">The text is not one JSON value. The error has line, offset and path.</exception>
    public static JsonValue Parse(ReadOnlySpan<byte> utf8, string? source = null) => JsonParser.Parse(utf8, source);

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte}, string?)"/>
    /// <param name="text">JSON text without a byte order mark, at most 512 levels deep.</param>
    /// <param name="source">File or URL for error messages.</param>
    public static JsonValue Parse(string text, string? source = null) => JsonParser.Parse(text, source);

    /// <summary>The value <c>null</c>.</summary>
    public static JsonValue Null => NullValue;

    /// <summary>An object without members.</summary>
    public static JsonValue EmptyObject { get; } = Object(Enumerable.Empty<KeyValuePair<string, JsonValue>>());

    /// <summary>An array without elements.</summary>
    public static JsonValue EmptyArray { get; } = Array([]);

    /// <summary>Kind of the value.</summary>
    public JsonKind Kind { get; }

    /// <summary>True when the value is <c>null</c>.</summary>
    public bool IsNull => Kind == JsonKind.Null;

    /// <summary>Elements of the array.</summary>
    /// <exception cref="InvalidOperationException">The value is not an array.</exception>
    public ImmutableArray<JsonValue> Items => _reference is ImmutableArray<JsonValue> items ? items : throw Wrong(JsonKind.Array);

    /// <summary>Members of the object, in their order.</summary>
    /// <exception cref="InvalidOperationException">The value is not an object.</exception>
    public JsonMembers Members => _reference as JsonMembers ?? throw Wrong(JsonKind.Object);

    /// <summary>Returns the member with a name; null when the object has no such member.</summary>
    public JsonValue? this[string name] => Members.TryGet(name, out var value) ? value : null;

    /// <summary>Creates a string; null becomes the value <c>null</c>.</summary>
    public static JsonValue String(string? value) => value is null ? NullValue : new(JsonKind.String, value);

    /// <summary>Creates a boolean.</summary>
    public static JsonValue Bool(bool value) => value ? TrueValue : FalseValue;

    /// <summary>Creates an integer.</summary>
    public static JsonValue Integer(long value) => new(JsonKind.Integer, null, value);

    /// <summary>Creates an integer of any size.</summary>
    public static JsonValue Integer(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? Integer((long)value) : new(JsonKind.Integer, value);

    /// <summary>Creates a real.</summary>
    public static JsonValue Real(double value) => new(JsonKind.Real, null, BitConverter.DoubleToInt64Bits(value));

    /// <summary>
    /// Creates a real whose text is kept, because a double may not hold its digits, or exceeds a double (<c>1e400</c>, then the double is
    /// infinite).
    /// </summary>
    internal static JsonValue Real(double value, string digits) => new(JsonKind.Real, digits, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Creates an array.</summary>
    public static JsonValue Array(ImmutableArray<JsonValue> items) => new(JsonKind.Array, items);

    /// <summary>Creates an object. For a repeated name, the last value is kept at the position of the first.</summary>
    public static JsonValue Object(IEnumerable<KeyValuePair<string, JsonValue>> members) => new(JsonKind.Object, new JsonMembers(members));

    /// <summary>Creates an object.</summary>
    public static JsonValue Object(params (string Name, JsonValue Value)[] members) =>
        Object(members.Select(m => KeyValuePair.Create(m.Name, m.Value)));

    /// <summary>Returns the text of a string.</summary>
    /// <exception cref="InvalidOperationException">The value is not a string.</exception>
    public string AsString() => Kind == JsonKind.String ? (string)_reference! : throw Wrong(JsonKind.String);

    /// <summary>Returns the value of a boolean.</summary>
    /// <exception cref="InvalidOperationException">The value is not a boolean.</exception>
    public bool AsBool() => Kind switch { JsonKind.True => true, JsonKind.False => false, _ => throw Wrong(JsonKind.True) };

    /// <summary>Returns the value of an integer if it fits into 64 bits.</summary>
    public bool TryGetInt64(out long value)
    {
        value = _bits;
        return Kind == JsonKind.Integer && _reference is null;
    }

    /// <summary>Returns the value of an integer.</summary>
    /// <exception cref="InvalidOperationException">The value is not an integer, or exceeds 64 bits.</exception>
    public long AsInt64() => TryGetInt64(out var value) ? value : throw Wrong(JsonKind.Integer);

    /// <summary>Returns the value of an integer of any size.</summary>
    /// <exception cref="InvalidOperationException">The value is not an integer.</exception>
    public BigInteger AsBigInteger() =>
        Kind != JsonKind.Integer ? throw Wrong(JsonKind.Integer) : _reference is BigInteger big ? big : _bits;

    /// <summary>Returns the value of a real, or of an integer as a real.</summary>
    /// <exception cref="InvalidOperationException">The value is not a number.</exception>
    public double AsDouble() => Kind switch
    {
        JsonKind.Real => BitConverter.Int64BitsToDouble(_bits),
        JsonKind.Integer => _reference is BigInteger big ? Nearest(big) : _bits,
        _ => throw Wrong(JsonKind.Real),
    };

    /// <summary>The text of a real that exceeds a double; null for every other value.</summary>
    internal string? OversizedText => Kind == JsonKind.Real && !double.IsFinite(AsDouble()) ? _reference as string : null;

    /// <summary>The text of a real whose digits a double may not hold; null for every other value.</summary>
    internal string? Digits => Kind == JsonKind.Real ? _reference as string : null;

    /// <summary>Returns a copy of the object with one member set; a new member is appended.</summary>
    public JsonValue With(string name, JsonValue value) => Object(Members.Append(KeyValuePair.Create(name, value)));

    /// <summary>Returns a copy of the object without a member.</summary>
    public JsonValue Without(string name) => Members.Contains(name) ? Object(Members.Where(m => m.Key != name)) : this;

    /// <summary>Compares by value. The order of members is ignored; an integer and a real are different.</summary>
    public bool Equals(JsonValue? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || other.Kind != Kind) return false;
        return Kind switch
        {
            JsonKind.Array => Items.SequenceEqual(other.Items),
            JsonKind.Object => Members.Count == other.Members.Count && Members.All(m => m.Value.Equals(other[m.Key])),
            JsonKind.Real => _bits == other._bits && OversizedText == other.OversizedText,
            _ => _bits == other._bits && Equals(_reference, other._reference),
        };
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as JsonValue);

    /// <inheritdoc/>
    public override int GetHashCode() => Kind switch
    {
        JsonKind.Array => HashCode.Combine(Kind, Items.Length),
        JsonKind.Object => HashCode.Combine(Kind, Members.Count),
        JsonKind.Real => HashCode.Combine(Kind, _bits),
        _ => HashCode.Combine(Kind, _bits, _reference),
    };

    /// <summary>Returns compact JSON text.</summary>
    public override string ToString() => JsonText.Write(this);

    /// <summary>Rounds an integer to the nearest double; a cast would truncate.</summary>
    private static double Nearest(BigInteger number) =>
        double.Parse(number.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private InvalidOperationException Wrong(JsonKind wanted) =>
        new(string.Create(CultureInfo.InvariantCulture, $"This JSON value is {Kind}, not {wanted}."));
}
