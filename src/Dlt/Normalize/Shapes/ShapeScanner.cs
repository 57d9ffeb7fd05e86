using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Dlt.Normalize.Rows;
using Dlt.Types;

namespace Dlt.Normalize.Shapes;

/// <summary>
/// The fast path: one pass over a JSON text, straight into typed column buffers, for items whose shape is known.
/// Whatever it does not know or is not sure of (a new key, another type, an escape in a key, malformed text) makes it give up,
/// and the item takes the exact path instead. So it holds no rule of its own: it only repeats what the exact path has decided before.
/// </summary>
/// <remarks>The text ends with at least 64 zero bytes. Measured in bench/.</remarks>
internal sealed unsafe class ShapeScanner
{
    private const ulong MaxExactInteger = 1UL << 53;

    private static readonly double[] PowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    private const int MaxDepth = 256;
    private const long MinEpochSeconds = Timestamp.MinMicros / Timestamp.MicrosPerSecond;
    private const long MaxEpochSeconds = Timestamp.MaxMicros / Timestamp.MicrosPerSecond;

    private byte[] _unescaped = new byte[256];
    private int _rootRow;
    private int _depth;

    /// <summary>Reads one item into its table and the tables below it.</summary>
    /// <param name="text">At the opening brace.</param>
    /// <param name="shape">Shape of the root objects.</param>
    /// <param name="row">Row of the root table that the item fills.</param>
    /// <returns>The byte after the closing brace, or null when the item must take the exact path; the tables then hold parts of
    /// it.</returns>
    public byte* TryScan(byte* text, ObjectShape shape, int row)
    {
        _rootRow = row;
        _depth = 0;
        return Object(text + 1, shape, row);
    }

    private byte* Object(byte* p, ObjectShape shape, int row)
    {
        if (++_depth > MaxDepth) return null;
        var current = ++shape.Current;
        p = SkipBlanks(p);
        if (*p == '}')
        {
            _depth--;
            return p + 1;
        }

        var expected = shape.First;
        FieldShape? previous = null;
        while (true)
        {
            if (*p != '"') return null;
            FieldShape? field;
            if (expected is not null && expected.Matches(p))
            {
                field = expected;
                p += expected.TokenLength;
            }
            else
            {
                var end = StringEnd(p + 1);
                if (*end != '"') return null;
                field = shape.Find(new ReadOnlySpan<byte>(p + 1, (int)(end - p - 1)));
                if (field is null) return null;
                if (previous is null) shape.First = field;
                else previous.Next = field;
                p = end + 1;
            }

            if (field.SeenIn == current) return null;   // a key that comes twice
            field.SeenIn = current;
            if (*p != ':')
            {
                p = SkipBlanks(p);
                if (*p != ':') return null;
            }

            p = SkipBlanks(p + 1);
            p = Value(p, field, shape, row);
            if (p is null) return null;
            if (*p != ',')
            {
                p = SkipBlanks(p);
                if (*p == '}')
                {
                    _depth--;
                    return p + 1;
                }

                if (*p != ',') return null;
            }

            p = SkipBlanks(p + 1);
            previous = field;
            expected = field.Next;
        }
    }

    private byte* Value(byte* p, FieldShape field, ObjectShape shape, int row)
    {
        switch (*p)
        {
            case (byte)'{': return field.Object is null ? null : Object(p + 1, field.Object, row);
            case (byte)'[': return field.AllowsEmptyList ? List(p + 1, field.List, row) : null;
            default: return Scalar(p, field, row);
        }
    }

    private byte* List(byte* p, ListShape? list, int parentRow)
    {
        p = SkipBlanks(p);
        if (*p == ']') return p + 1;
        if (list is null || ++_depth > MaxDepth) return null;
        for (long index = 0; ; index++)
        {
            var row = list.Table.AddNested(parentRow, _rootRow, index);
            switch (*p)
            {
                case (byte)'{':
                    p = Object(p + 1, list.Element, row);
                    break;
                case (byte)'[':
                    if (list.Nested is null) return null;
                    p = List(p + 1, list.Nested, row);
                    break;
                default:
                    p = list.Value is null ? null : Scalar(p, list.Value, row);
                    break;
            }

            if (p is null) return null;
            p = SkipBlanks(p);
            if (*p == ']')
            {
                _depth--;
                return p + 1;
            }

            if (*p != ',') return null;
            p = SkipBlanks(p + 1);
        }
    }

    private byte* Scalar(byte* p, FieldShape field, int row)
    {
        if (*p == 'n')
        {
            // A null leaves no trace, but the exact path must refuse it in a column that is not nullable, and note where there is no
            // column.
            if (field.Column is null ? !field.HasSeenNull : !field.Column.Schema.IsNullable) return null;
            return Null(p);
        }

        // A second source field that is the same column: the exact path knows who wins.
        if (field.Column is null || field.Column.Buffer.Rows > row) return null;
        switch (*p)
        {
            case (byte)'"': return Text(p + 1, field, row);
            case (byte)'t':
                if (field.Target != FieldTarget.Bool || !Matches(p, "true"u8)) return null;
                field.Bools!.Append(row, true);
                return p + 4;
            case (byte)'f':
                if (field.Target != FieldTarget.Bool || !Matches(p, "false"u8)) return null;
                field.Bools!.Append(row, false);
                return p + 5;
            default:
                return Number(p, field, row);
        }
    }

    private static byte* Null(byte* p) => Matches(p, "null"u8) ? p + 4 : null;

    private byte* Text(byte* start, FieldShape field, int row)
    {
        var end = StringEnd(start);
        ReadOnlySpan<byte> text;
        if (*end == '"')
        {
            text = new(start, (int)(end - start));
        }
        else
        {
            var length = 0;
            end = Unescape(start, end, ref length);
            if (end is null) return null;
            text = _unescaped.AsSpan(0, length);
        }

        switch (field.Target)
        {
            case FieldTarget.Text:
                if (text.Length > 0 && text[0] == 0xEF) return null;   // it may be a type marker
                field.Texts!.Append(row, text);
                return end + 1;
            case FieldTarget.Timestamp:
                if (!FastIso.TryParse(text, out var micros)) return null;
                field.Longs!.Append(row, micros);
                return end + 1;
            default:
                return null;
        }
    }

    private static byte* Number(byte* p, FieldShape field, int row)
    {
        var start = p;
        var negative = *p == '-';
        if (negative) p++;
        var first = p;
        ulong mantissa = 0;
        uint digit;
        while ((digit = (uint)(*p - '0')) <= 9)
        {
            mantissa = mantissa * 10 + digit;
            p++;
        }

        var digits = (int)(p - first);
        if (digits is 0 or > 18 || (*first == '0' && digits > 1)) return null;
        if (*p is (byte)'.' or (byte)'e' or (byte)'E') return Real(p, start, first, mantissa, negative, field, row);
        var integer = negative ? -(long)mantissa : (long)mantissa;
        switch (field.Target)
        {
            case FieldTarget.Long:
                field.Longs!.Append(row, integer);
                return p;
            case FieldTarget.Double:
                if (mantissa > MaxExactInteger) return null;   // a double may round it
                field.Doubles!.Append(row, integer);
                return p;
            case FieldTarget.Timestamp when integer is >= MinEpochSeconds and <= MaxEpochSeconds:
                field.Longs!.Append(row, integer * Timestamp.MicrosPerSecond);
                return p;
            default:
                return null;
        }
    }

    private static byte* Real(byte* p, byte* start, byte* first, ulong mantissa, bool negative, FieldShape field, int row)
    {
        if (field.Target != FieldTarget.Double) return null;
        var exponent = 0;
        uint digit;
        if (*p == '.')
        {
            var fraction = ++p;
            while ((digit = (uint)(*p - '0')) <= 9)
            {
                mantissa = mantissa * 10 + digit;
                p++;
            }

            exponent = -(int)(p - fraction);
            if (exponent == 0) return null;
        }

        var isShort = p - first <= 18;
        if (*p is (byte)'e' or (byte)'E')
        {
            p++;
            var negativeExponent = *p == '-';
            if (*p is (byte)'+' or (byte)'-') p++;
            if ((uint)(*p - '0') > 9) return null;
            var written = 0;
            while ((digit = (uint)(*p - '0')) <= 9)
            {
                written = Math.Min(written * 10 + (int)digit, 100_000);
                p++;
            }

            exponent += negativeExponent ? -written : written;
        }

        double value;
        if (isShort && mantissa < 1UL << 53 && exponent is >= -22 and <= 22)
        {
            // Both factors are exact, so one rounding gives the right double.
            value = exponent < 0 ? mantissa / PowersOfTen[-exponent] : mantissa * PowersOfTen[exponent];
            if (negative) value = -value;
        }
        else
        {
            value = double.Parse(new ReadOnlySpan<byte>(start, (int)(p - start)), NumberStyles.Float, CultureInfo.InvariantCulture);
            if (!double.IsFinite(value)) return null;
        }

        field.Doubles!.Append(row, value);
        return p;
    }

    /// <summary>The first quote, backslash or control character.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* StringEnd(byte* p)
    {
        if (Vector256.IsHardwareAccelerated)
        {
            while (true)
            {
                var bytes = Vector256.Load(p);
                var hits = Vector256.Equals(bytes, Vector256.Create((byte)'"'))
                    | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
                    | Vector256.LessThan(bytes, Vector256.Create((byte)0x20));
                var mask = hits.ExtractMostSignificantBits();
                if (mask != 0) return p + BitOperations.TrailingZeroCount(mask);
                p += Vector256<byte>.Count;
            }
        }

        while (*p != '"' && *p != '\\' && *p >= 0x20) p++;
        return p;
    }

    /// <summary>Copies a string with escapes; null when the exact path must look at it.</summary>
    /// <returns>The closing quote.</returns>
    private byte* Unescape(byte* start, byte* stop, ref int length)
    {
        var from = start;
        while (true)
        {
            Reserve(length + (int)(stop - from) + 8);
            new ReadOnlySpan<byte>(from, (int)(stop - from)).CopyTo(_unescaped.AsSpan(length));
            length += (int)(stop - from);
            if (*stop == '"') return stop;
            if (*stop != '\\') return null;
            byte plain;
            switch (stop[1])
            {
                case (byte)'"' or (byte)'\\' or (byte)'/': plain = stop[1]; break;
                case (byte)'n': plain = (byte)'\n'; break;
                case (byte)'t': plain = (byte)'\t'; break;
                case (byte)'r': plain = (byte)'\r'; break;
                case (byte)'b': plain = (byte)'\b'; break;
                case (byte)'f': plain = (byte)'\f'; break;
                case (byte)'u':
                    var unit = Hex4(stop + 2);
                    if (unit < 0 || char.IsSurrogate((char)unit))
                    {
                        var low = unit >= 0 && char.IsHighSurrogate((char)unit) && stop[6] == '\\' && stop[7] == 'u' ? Hex4(stop + 8) : -1;
                        if (low < 0 || !char.IsLowSurrogate((char)low)) return null;
                        length += new System.Text.Rune((char)unit, (char)low).EncodeToUtf8(_unescaped.AsSpan(length));
                        from = stop + 12;
                    }
                    else
                    {
                        length += new System.Text.Rune(unit).EncodeToUtf8(_unescaped.AsSpan(length));
                        from = stop + 6;
                    }

                    stop = StringEnd(from);
                    continue;
                default: return null;
            }

            _unescaped[length++] = plain;
            from = stop + 2;
            stop = StringEnd(from);
        }
    }

    private static int Hex4(byte* p)
    {
        var value = 0;
        for (var i = 0; i < 4; i++)
        {
            int c = p[i];
            var digit = c is >= '0' and <= '9' ? c - '0' : (c | 0x20) is >= 'a' and <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
            if (digit < 0) return -1;
            value = (value << 4) | digit;
        }

        return value;
    }

    private void Reserve(int length)
    {
        if (length > _unescaped.Length) Array.Resize(ref _unescaped, Math.Max(length, _unescaped.Length * 2));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Matches(byte* p, ReadOnlySpan<byte> token) => new ReadOnlySpan<byte>(p, token.Length).SequenceEqual(token);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static byte* SkipBlanks(byte* p)
    {
        if (*p > ' ') return p;
        while (*p is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n') p++;
        return p;
    }
}
