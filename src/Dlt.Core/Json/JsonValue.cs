using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Dlt.Json;

namespace Dlt;

/// <summary>What a <see cref="JsonValue"/> holds.</summary>
public enum JsonKind : byte
{
    /// <summary>The literal <c>null</c>.</summary>
    Null,
    /// <summary>The literal <c>false</c>.</summary>
    False,
    /// <summary>The literal <c>true</c>.</summary>
    True,
    /// <summary>A number without fraction or exponent, of any size.</summary>
    Integer,
    /// <summary>A number with fraction or exponent.</summary>
    Real,
    /// <summary>A string; dlt's typed values are strings that start with a marker.</summary>
    String,
    /// <summary>An array.</summary>
    Array,
    /// <summary>An object; members keep their order.</summary>
    Object,
}

/// <summary>An immutable JSON value that keeps what hashing needs: the order of members, and integers apart from reals.</summary>
/// <remarks>Duplicate keys: the last value wins at the place of the first.</remarks>
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

    /// <summary>Reads one JSON value by RFC 8259. Integers keep every digit; of a repeated key the last value counts.</summary>
    /// <param name="utf8">The text, without byte order mark; at most 512 levels deep.</param>
    /// <param name="source">File or URL for error messages.</param>
    /// <exception cref="JsonFormatException">The text is not one JSON value; the error has line, offset and path.</exception>
    public static JsonValue Parse(ReadOnlySpan<byte> utf8, string? source = null) => JsonParser.Parse(utf8, source);

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte}, string?)"/>
    /// <param name="text">The text, without byte order mark; at most 512 levels deep.</param>
    /// <param name="source">File or URL for error messages.</param>
    public static JsonValue Parse(string text, string? source = null) => JsonParser.Parse(text, source);

    /// <summary>The JSON <c>null</c>.</summary>
    public static JsonValue Null => NullValue;

    /// <summary>An object without members.</summary>
    public static JsonValue EmptyObject { get; } = Object(Enumerable.Empty<KeyValuePair<string, JsonValue>>());

    /// <summary>An array without elements.</summary>
    public static JsonValue EmptyArray { get; } = Array([]);

    /// <summary>What this value is.</summary>
    public JsonKind Kind { get; }

    /// <summary>True for <see cref="JsonKind.Null"/>.</summary>
    public bool IsNull => Kind == JsonKind.Null;

    /// <summary>Elements of an array.</summary>
    /// <exception cref="InvalidOperationException">Not an array.</exception>
    public ImmutableArray<JsonValue> Items => _reference is ImmutableArray<JsonValue> items ? items : throw Wrong(JsonKind.Array);

    /// <summary>Members of an object in order.</summary>
    /// <exception cref="InvalidOperationException">Not an object.</exception>
    public JsonMembers Members => _reference as JsonMembers ?? throw Wrong(JsonKind.Object);

    /// <summary>The member of that name, or null when it is absent.</summary>
    public JsonValue? this[string name] => Members.TryGet(name, out var value) ? value : null;

    /// <summary>Wraps a text; null becomes JSON null.</summary>
    public static JsonValue String(string? value) => value is null ? NullValue : new(JsonKind.String, value);

    /// <summary>Wraps a boolean.</summary>
    public static JsonValue Bool(bool value) => value ? TrueValue : FalseValue;

    /// <summary>Wraps an integer.</summary>
    public static JsonValue Integer(long value) => new(JsonKind.Integer, null, value);

    /// <summary>Wraps an integer of any size.</summary>
    public static JsonValue Integer(BigInteger value) =>
        value >= long.MinValue && value <= long.MaxValue ? Integer((long)value) : new(JsonKind.Integer, value);

    /// <summary>Wraps a real.</summary>
    public static JsonValue Real(double value) => new(JsonKind.Real, null, BitConverter.DoubleToInt64Bits(value));

    /// <summary>A real that a double cannot hold, such as <c>1e400</c>: the text is kept, the double is infinite.</summary>
    internal static JsonValue OversizedReal(string text, double value) => new(JsonKind.Real, text, BitConverter.DoubleToInt64Bits(value));

    /// <summary>Wraps elements.</summary>
    public static JsonValue Array(ImmutableArray<JsonValue> items) => new(JsonKind.Array, items);

    /// <summary>An object of these members; a repeated name keeps its first place and its last value.</summary>
    public static JsonValue Object(IEnumerable<KeyValuePair<string, JsonValue>> members) => new(JsonKind.Object, new JsonMembers(members));

    /// <summary>An object of these members.</summary>
    public static JsonValue Object(params (string Name, JsonValue Value)[] members) =>
        Object(members.Select(m => KeyValuePair.Create(m.Name, m.Value)));

    /// <summary>The text of a string.</summary>
    /// <exception cref="InvalidOperationException">Not a string.</exception>
    public string AsString() => Kind == JsonKind.String ? (string)_reference! : throw Wrong(JsonKind.String);

    /// <summary>The boolean.</summary>
    /// <exception cref="InvalidOperationException">Not a boolean.</exception>
    public bool AsBool() => Kind switch { JsonKind.True => true, JsonKind.False => false, _ => throw Wrong(JsonKind.True) };

    /// <summary>The integer, when it fits 64 bits.</summary>
    public bool TryGetInt64(out long value)
    {
        value = _bits;
        return Kind == JsonKind.Integer && _reference is null;
    }

    /// <summary>The integer.</summary>
    /// <exception cref="InvalidOperationException">Not an integer, or beyond 64 bits.</exception>
    public long AsInt64() => TryGetInt64(out var value) ? value : throw Wrong(JsonKind.Integer);

    /// <summary>The integer at any size.</summary>
    /// <exception cref="InvalidOperationException">Not an integer.</exception>
    public BigInteger AsBigInteger() =>
        Kind != JsonKind.Integer ? throw Wrong(JsonKind.Integer) : _reference is BigInteger big ? big : _bits;

    /// <summary>A real, or an integer as a real.</summary>
    /// <exception cref="InvalidOperationException">Not a number.</exception>
    public double AsDouble() => Kind switch
    {
        JsonKind.Real => BitConverter.Int64BitsToDouble(_bits),
        JsonKind.Integer => _reference is BigInteger big ? Nearest(big) : _bits,
        _ => throw Wrong(JsonKind.Real),
    };

    /// <summary>The text of a real that overflows a double; null for every other value.</summary>
    internal string? OversizedText => Kind == JsonKind.Real ? _reference as string : null;

    /// <summary>An object equal to this one but for one member, appended when it was absent.</summary>
    public JsonValue With(string name, JsonValue value) => Object(Members.Append(KeyValuePair.Create(name, value)));

    /// <summary>An object equal to this one without a member.</summary>
    public JsonValue Without(string name) => Members.Contains(name) ? Object(Members.Where(m => m.Key != name)) : this;

    /// <summary>Value equality; the order of members does not count, the kind of a number does.</summary>
    public bool Equals(JsonValue? other)
    {
        if (ReferenceEquals(this, other)) return true;
        if (other is null || other.Kind != Kind) return false;
        return Kind switch
        {
            JsonKind.Array => Items.SequenceEqual(other.Items),
            JsonKind.Object => Members.Count == other.Members.Count && Members.All(m => m.Value.Equals(other[m.Key])),
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
        _ => HashCode.Combine(Kind, _bits, _reference),
    };

    /// <summary>Compact JSON text.</summary>
    public override string ToString() => JsonText.Write(this);

    /// <summary>A cast would cut off instead of rounding to the nearest double.</summary>
    private static double Nearest(BigInteger number) =>
        double.Parse(number.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private InvalidOperationException Wrong(JsonKind wanted) =>
        new(string.Create(CultureInfo.InvariantCulture, $"This JSON value is {Kind}, not {wanted}."));
}
