using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;

namespace Dlt.Json;

/// <summary>Parses JSON strictly by RFC 8259 into <see cref="JsonValue"/>. Integers keep every digit.</summary>
/// <remarks>
/// Allows <see cref="MaxDepth"/> levels and texts of <see cref="TextLimit.MaxBytes"/>. Lone surrogates and invalid UTF-8 are errors, as in
/// Python dlt.
/// </remarks>
internal ref struct JsonParser
{
    public const int MaxDepth = 512;

    /// <summary>A double holds every number of so many digits: its shortest text has the same value.</summary>
    private const int ExactDigits = 15;

    private readonly ReadOnlySpan<byte> _text;
    private readonly string? _source;
    private readonly long _baseOffset;
    private readonly long _baseLine;
    private readonly List<string> _path = [];
    private int _at;

    private JsonParser(ReadOnlySpan<byte> text, string? source, long baseOffset, long baseLine)
    {
        _text = text;
        _source = source;
        _baseOffset = baseOffset;
        _baseLine = baseLine;
    }

    /// <summary>Parses a text that is exactly one value.</summary>
    /// <param name="utf8">The text.</param>
    /// <param name="source">File or URL for error messages.</param>
    /// <param name="baseOffset">Position of the text in its file, in bytes.</param>
    /// <param name="baseLine">Line of the text in its file, 1 for the first.</param>
    /// <exception cref="JsonFormatException">The text is not one JSON value.</exception>
    public static JsonValue Parse(ReadOnlySpan<byte> utf8, string? source = null, long baseOffset = 0, long baseLine = 1)
    {
        var parser = new JsonParser(utf8, source, baseOffset, baseLine);
        if (utf8.StartsWith("\uFEFF"u8)) throw parser.Error("a byte order mark, which JSON does not allow");
        var value = parser.Value(0);
        parser.SkipBlanks();
        if (parser._at < utf8.Length) throw parser.Error($"{parser.Found()} after the end of the value");
        return value;
    }

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte}, string?, long, long)"/>
    public static JsonValue Parse(string text, string? source = null) => Parse(Encoding.UTF8.GetBytes(text), source);

    private JsonValue Value(int depth)
    {
        SkipBlanks();
        if (_at >= _text.Length) throw Error("the text ends where a value is expected");
        switch (_text[_at])
        {
            case (byte)'{': return Object(depth);
            case (byte)'[': return Array(depth);
            case (byte)'"': return JsonValue.String(String());
            case (byte)'t': return Literal("true"u8, JsonValue.Bool(true));
            case (byte)'f': return Literal("false"u8, JsonValue.Bool(false));
            case (byte)'n': return Literal("null"u8, JsonValue.Null);
            case (byte)'-' or (>= (byte)'0' and <= (byte)'9'): return Number();
            default: throw Error($"{Found()} where a value is expected");
        }
    }

    private JsonValue Object(int depth)
    {
        if (depth >= MaxDepth) throw Error(string.Create(CultureInfo.InvariantCulture, $"more than {MaxDepth} nested levels"));
        _at++;
        var members = new List<KeyValuePair<string, JsonValue>>();
        SkipBlanks();
        if (TryTake('}')) return JsonValue.Object(members);
        while (true)
        {
            SkipBlanks();
            if (_at >= _text.Length || _text[_at] != '"') throw Error($"{Found()} where a key in quotes is expected");
            var name = String();
            _path.Add("." + name);
            SkipBlanks();
            if (!TryTake(':')) throw Error($"{Found()} where ':' is expected after a key");
            members.Add(KeyValuePair.Create(name, Value(depth + 1)));
            _path.RemoveAt(_path.Count - 1);
            SkipBlanks();
            if (TryTake('}')) return JsonValue.Object(members);
            if (!TryTake(',')) throw Error($"{Found()} where ',' or '}}' is expected");
        }
    }

    private JsonValue Array(int depth)
    {
        if (depth >= MaxDepth) throw Error(string.Create(CultureInfo.InvariantCulture, $"more than {MaxDepth} nested levels"));
        _at++;
        var items = ImmutableArray.CreateBuilder<JsonValue>();
        SkipBlanks();
        if (TryTake(']')) return JsonValue.EmptyArray;
        while (true)
        {
            _path.Add(string.Create(CultureInfo.InvariantCulture, $"[{items.Count}]"));
            items.Add(Value(depth + 1));
            _path.RemoveAt(_path.Count - 1);
            SkipBlanks();
            if (TryTake(']')) return JsonValue.Array(items.ToImmutable());
            if (!TryTake(',')) throw Error($"{Found()} where ',' or ']' is expected");
        }
    }

    private JsonValue Literal(ReadOnlySpan<byte> literal, JsonValue value)
    {
        if (!_text[_at..].StartsWith(literal)) throw Error($"{Found()} where a value is expected");
        _at += literal.Length;
        return value;
    }

    private JsonValue Number()
    {
        var start = _at;
        if (_text[_at] == '-') _at++;
        var firstDigit = _at;
        SkipDigits("a digit in a number");
        if (_text[firstDigit] == '0' && _at - firstDigit > 1)
        {
            _at = firstDigit + 1;
            throw Error("a number that starts with a zero");
        }

        var isReal = false;
        var lastDigit = _at;
        if (_at < _text.Length && _text[_at] == '.')
        {
            isReal = true;
            _at++;
            SkipDigits("a digit after the decimal point");
            lastDigit = _at - 1;   // without the point
        }

        if (_at < _text.Length && _text[_at] is (byte)'e' or (byte)'E')
        {
            isReal = true;
            _at++;
            if (_at < _text.Length && _text[_at] is (byte)'+' or (byte)'-') _at++;
            SkipDigits("a digit in the exponent");
        }

        var digits = _text[start.._at];
        if (!isReal)
        {
            return long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var integer)
                ? JsonValue.Integer(integer)
                : JsonValue.Integer(BigInteger.Parse(Encoding.ASCII.GetString(digits), CultureInfo.InvariantCulture));
        }

        var real = double.Parse(digits, NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsFinite(real) && lastDigit - firstDigit <= ExactDigits
            ? JsonValue.Real(real)
            : JsonValue.Real(real, Encoding.ASCII.GetString(digits));
    }

    private void SkipDigits(string expected)
    {
        var start = _at;
        while (_at < _text.Length && _text[_at] is >= (byte)'0' and <= (byte)'9') _at++;
        if (_at == start) throw Error($"{Found()} where {expected} is expected");
    }

    private string String()
    {
        _at++;
        var start = _at;
        var length = _text[start..].IndexOfAny((byte)'"', (byte)'\\');
        if (length < 0) throw Unterminated();
        var simple = _text.Slice(start, length);
        if (_text[start + length] == '"')
        {
            CheckLength(length, start);
            CheckControls(start, length);
            _at = start + length + 1;
            return Decode(simple, start);
        }

        var buffer = new ArrayBufferWriter<byte>(length + 32);
        while (true)
        {
            length = _text[_at..].IndexOfAny((byte)'"', (byte)'\\');
            if (length < 0) throw Unterminated();
            CheckLength((long)buffer.WrittenCount + length, start);
            CheckControls(_at, length);
            buffer.Write(_text.Slice(_at, length));
            _at += length;
            if (_text[_at] == '"')
            {
                _at++;
                return Decode(buffer.WrittenSpan, start);
            }

            Escape(buffer);
        }
    }

    private void Escape(ArrayBufferWriter<byte> buffer)
    {
        if (_at + 1 >= _text.Length) throw Unterminated();
        var c = _text[_at + 1];
        var plain = c switch
        {
            (byte)'"' or (byte)'\\' or (byte)'/' => (char)c,
            (byte)'b' => '\b',
            (byte)'f' => '\f',
            (byte)'n' => '\n',
            (byte)'r' => '\r',
            (byte)'t' => '\t',
            (byte)'u' => '\0',
            _ => throw Error("an unknown escape in a string"),
        };
        if (c != 'u')
        {
            buffer.GetSpan(1)[0] = (byte)plain;
            buffer.Advance(1);
            _at += 2;
            return;
        }

        int unit = Hex4(_at + 2);
        if (char.IsLowSurrogate((char)unit)) throw Error("a lone low surrogate in a string");
        if (!char.IsHighSurrogate((char)unit))
        {
            _at += 6;
            buffer.Advance(new Rune(unit).EncodeToUtf8(buffer.GetSpan(4)));
            return;
        }

        var paired = _at + 7 < _text.Length && _text[_at + 6] == '\\' && _text[_at + 7] == 'u';
        var low = paired ? Hex4(_at + 8) : 0;
        if (!char.IsLowSurrogate((char)low)) throw Error("a lone high surrogate in a string");
        _at += 12;
        buffer.Advance(new Rune((char)unit, (char)low).EncodeToUtf8(buffer.GetSpan(4)));
    }

    private readonly int Hex4(int at)
    {
        if (at + 4 > _text.Length
            || !int.TryParse(_text.Slice(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            throw Error("a \\u escape without four hexadecimal digits");
        return unit;
    }

    private readonly void CheckLength(long bytes, int start)
    {
        if (bytes > TextLimit.MaxBytes) throw ErrorAt(TextLimit.Reason(bytes), start);
    }

    private readonly string Decode(ReadOnlySpan<byte> utf8, int start)
    {
        if (!System.Text.Unicode.Utf8.IsValid(utf8)) throw ErrorAt("text that is not UTF-8", start);
        return Encoding.UTF8.GetString(utf8);
    }

    private readonly void CheckControls(int start, int length)
    {
        var at = _text.Slice(start, length).IndexOfAnyInRange((byte)0, (byte)0x1F);
        if (at >= 0) throw ErrorAt(string.Create(CultureInfo.InvariantCulture, $"the control character U+{_text[start + at]:X4} in a "
            + $"string; it must be escaped"), start + at);
    }

    private void SkipBlanks()
    {
        while (_at < _text.Length && _text[_at] is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r') _at++;
    }

    private bool TryTake(char c)
    {
        if (_at >= _text.Length || _text[_at] != c) return false;
        _at++;
        return true;
    }

    private readonly string Found() => _at >= _text.Length ? "the end of the text" : _text[_at] is >= 0x20 and < 0x7F
        ? $"'{(char)_text[_at]}'"
        : string.Create(CultureInfo.InvariantCulture, $"byte 0x{_text[_at]:X2}");

    private readonly JsonFormatException Unterminated() => ErrorAt("a string without its closing quote", _text.Length);

    private readonly JsonFormatException Error(string reason) => ErrorAt(reason, _at);

    private readonly JsonFormatException ErrorAt(string reason, int at) =>
        new(reason, _source, _baseLine + _text[..at].Count((byte)'\n'), _baseOffset + at, "$" + string.Concat(_path));
}
