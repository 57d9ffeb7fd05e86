using System.Buffers;
using System.Globalization;
using System.Text;
using Dlt.Json;

namespace Dlt;

/// <summary>Writes JSON exactly as Python dlt does, so hashes of the text are equal.</summary>
public static class JsonText
{
    private const int MaxDigits = 20;   // of a 64-bit integer with its sign

    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        "\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000B\f\r\u000E\u000F\u0010\u0011\u0012\u0013\u0014\u0015\u0016"
        + "\u0017\u0018\u0019\u001A\u001B\u001C\u001D\u001E\u001F\"\\");

    /// <summary>Writes a value as UTF-8 JSON.</summary>
    /// <param name="value">Value to write.</param>
    /// <param name="sortKeys">True to write the members of every object in the order of their UTF-8 bytes.</param>
    /// <param name="pretty">True to indent by two spaces.</param>
    public static byte[] WriteUtf8(JsonValue value, bool sortKeys = false, bool pretty = false)
    {
        using var buffer = new Utf8Buffer();
        new Writer(buffer, sortKeys, pretty).Write(value, 0);
        return buffer.ToArray();
    }

    /// <summary>Writes a value as UTF-8 JSON, with reals as they were read: digits that a double does not hold are kept.</summary>
    internal static byte[] WriteExact(JsonValue value)
    {
        using var buffer = new Utf8Buffer();
        new Writer(buffer, sortKeys: false, pretty: false, isExact: true).Write(value, 0);
        return buffer.ToArray();
    }

    /// <summary>Writes a value as JSON text.</summary>
    public static string Write(JsonValue value, bool sortKeys = false, bool pretty = false) =>
        Encoding.UTF8.GetString(WriteUtf8(value, sortKeys, pretty));

    /// <summary>
    /// Returns the shortest text that parses to the same double, in the form of Python dlt: <c>1.0</c>, <c>1e+16</c>, <c>1e-7</c>;
    /// <c>null</c> for NaN and infinities.
    /// </summary>
    public static string FormatDouble(double value)
    {
        if (!double.IsFinite(value)) return "null";
        var (negative, digits, exponent) = ShortestDigits(value);
        var sign = negative ? "-" : "";
        var point = digits.Length + exponent;   // digits before the decimal point
        if (exponent >= 0 && point <= 16) return sign + digits + new string('0', exponent) + ".0";
        if (point is > 0 and <= 16) return string.Concat(sign, digits.AsSpan(0, point), ".", digits.AsSpan(point));
        if (point is > -5 and <= 0) return sign + "0." + new string('0', -point) + digits;
        var mantissa = digits.Length == 1 ? digits : string.Concat(digits.AsSpan(0, 1), ".", digits.AsSpan(1));
        var power = point - 1;
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{mantissa}e{(power < 0 ? "-" : "+")}{Math.Abs(power)}");
    }

    /// <summary>Returns the sign, the shortest decimal digits without trailing zeros, and the power of ten of the last digit.</summary>
    internal static (bool Negative, string Digits, int Exponent) ShortestDigits(double value)
    {
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var negative = shortest[0] == '-';
        var digits = new StringBuilder();
        int exponent = 0, fraction = 0;
        var inFraction = false;
        for (var i = negative ? 1 : 0; i < shortest.Length; i++)
        {
            var c = shortest[i];
            if (c == '.') inFraction = true;
            else if (c == 'E')
            {
                exponent = int.Parse(shortest.AsSpan(i + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                break;
            }
            else
            {
                digits.Append(c);
                if (inFraction) fraction++;
            }
        }

        var trimmed = digits.ToString().TrimStart('0');
        exponent -= fraction;
        var kept = trimmed.TrimEnd('0');
        exponent += trimmed.Length - kept.Length;
        return kept.Length == 0 ? (negative, "0", 0) : (negative, kept, exponent);
    }

    /// <summary>
    /// Compares two names by their UTF-8 bytes. This is the order of code points, which differs from UTF-16 order above U+FFFF.
    /// </summary>
    internal static int CompareUtf8(string left, string right)
    {
        var length = Math.Min(left.Length, right.Length);
        for (var i = 0; i < length; i++)
        {
            int a = left[i], b = right[i];
            if (a == b) continue;
            // A surrogate belongs to a code point above every other UTF-16 unit.
            if (char.IsSurrogate((char)a) != char.IsSurrogate((char)b)) return char.IsSurrogate((char)a) ? 1 : -1;
            return a - b;
        }

        return left.Length - right.Length;
    }

    private readonly struct Writer(Utf8Buffer buffer, bool sortKeys, bool pretty, bool isExact = false)
    {
        public void Write(JsonValue value, int depth)
        {
            switch (value.Kind)
            {
                case JsonKind.Null:
                    Ascii("null");
                    break;
                case JsonKind.True:
                    Ascii("true");
                    break;
                case JsonKind.False:
                    Ascii("false");
                    break;
                case JsonKind.Integer:
                    Integer(value);
                    break;
                case JsonKind.Real:
                    Ascii((isExact ? value.Digits : value.OversizedText) ?? FormatDouble(value.AsDouble()));
                    break;
                case JsonKind.String:
                    String(value.AsString());
                    break;
                case JsonKind.Array:
                    Array(value, depth);
                    break;
                default:
                    Object(value, depth);
                    break;
            }
        }

        private void Integer(JsonValue value)
        {
            if (value.TryGetInt64(out var number))
            {
                number.TryFormat(buffer.GetSpan(MaxDigits), out var written, provider: CultureInfo.InvariantCulture);
                buffer.Advance(written);
            }
            else
            {
                Ascii(value.AsBigInteger().ToString(CultureInfo.InvariantCulture));
            }
        }

        private void Array(JsonValue value, int depth)
        {
            Byte('[');
            var items = value.Items;
            for (var i = 0; i < items.Length; i++)
            {
                if (i > 0) Byte(',');
                NewLine(depth + 1);
                Write(items[i], depth + 1);
            }

            if (items.Length > 0) NewLine(depth);
            Byte(']');
        }

        private void Object(JsonValue value, int depth)
        {
            Byte('{');
            IEnumerable<KeyValuePair<string, JsonValue>> members = value.Members;
            if (sortKeys) members = members.OrderBy(m => m.Key, Comparer<string>.Create(CompareUtf8));
            var first = true;
            foreach (var (name, member) in members)
            {
                if (!first) Byte(',');
                first = false;
                NewLine(depth + 1);
                String(name);
                Byte(':');
                if (pretty) Byte(' ');
                Write(member, depth + 1);
            }

            if (!first) NewLine(depth);
            Byte('}');
        }

        private void NewLine(int depth)
        {
            if (!pretty) return;
            Byte('\n');
            for (var i = 0; i < depth; i++) Ascii("  ");
        }

        private void String(string text)
        {
            Byte('"');
            var rest = text.AsSpan();
            for (int at; (at = rest.IndexOfAny(Escaped)) >= 0; rest = rest[(at + 1)..])
            {
                Utf8(rest[..at]);
                switch (rest[at])
                {
                    case '"':
                        Ascii("\\\"");
                        break;
                    case '\\':
                        Ascii("\\\\");
                        break;
                    case '\n':
                        Ascii("\\n");
                        break;
                    case '\r':
                        Ascii("\\r");
                        break;
                    case '\t':
                        Ascii("\\t");
                        break;
                    case '\b':
                        Ascii("\\b");
                        break;
                    case '\f':
                        Ascii("\\f");
                        break;
                    default:
                        Ascii(string.Create(CultureInfo.InvariantCulture, $"\\u{(int)rest[at]:x4}"));
                        break;
                }
            }

            Utf8(rest);
            Byte('"');
        }

        private void Byte(char c)
        {
            buffer.GetSpan(1)[0] = (byte)c;
            buffer.Advance(1);
        }

        private void Ascii(string text) => buffer.Advance(Encoding.ASCII.GetBytes(text, buffer.GetSpan(text.Length)));

        private void Utf8(ReadOnlySpan<char> text)
        {
            if (text.Length > 0) buffer.Advance(Encoding.UTF8.GetBytes(text, buffer.GetSpan(text.Length * 3)));
        }
    }
}
