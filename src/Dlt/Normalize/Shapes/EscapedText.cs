using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Dlt.Normalize.Shapes;

/// <summary>Decodes JSON strings that have escapes. Most strings have none and are read in place.</summary>
internal sealed unsafe class EscapedText
{
    private byte[] _bytes = new byte[256];
    private int _length;

    /// <summary>The last decoded string in UTF-8; valid until the next <see cref="Read"/>.</summary>
    public ReadOnlySpan<byte> Text => _bytes.AsSpan(0, _length);

    /// <summary>Finds the first quote, backslash or control character.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* End(byte* p)
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

    /// <summary>Decodes a string with escapes.</summary>
    /// <param name="start">First byte of the string, after the quote.</param>
    /// <param name="stop">First escape of the string (<see cref="End"/>).</param>
    /// <returns>The closing quote; null when the item must take the exact path.</returns>
    public byte* Read(byte* start, byte* stop)
    {
        var length = 0;
        var from = start;
        while (true)
        {
            Reserve(length + (int)(stop - from) + 8);
            new ReadOnlySpan<byte>(from, (int)(stop - from)).CopyTo(_bytes.AsSpan(length));
            length += (int)(stop - from);
            if (*stop == '"')
            {
                _length = length;
                return stop;
            }

            if (*stop != '\\') return null;
            if (stop[1] == 'u')
            {
                if (!TryReadRune(stop, out var rune, out var escapeBytes)) return null;
                length += rune.EncodeToUtf8(_bytes.AsSpan(length));
                from = stop + escapeBytes;
            }
            else
            {
                var plain = Plain(stop[1]);
                if (plain == 0) return null;
                _bytes[length++] = plain;
                from = stop + 2;
            }

            stop = End(from);
        }
    }

    /// <summary>Returns the character of a short escape, such as a line feed for <c>n</c>; 0 for an unknown one.</summary>
    private static byte Plain(byte escape) => escape switch
    {
        (byte)'"' or (byte)'\\' or (byte)'/' => escape,
        (byte)'n' => (byte)'\n',
        (byte)'t' => (byte)'\t',
        (byte)'r' => (byte)'\r',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => 0,
    };

    /// <summary>Reads one or, for a surrogate pair, two escapes of four hexadecimal digits.</summary>
    private static bool TryReadRune(byte* escape, out Rune rune, out int escapeBytes)
    {
        var unit = Hex4(escape + 2);
        if (unit >= 0 && !char.IsSurrogate((char)unit))
        {
            (rune, escapeBytes) = (new(unit), 6);
            return true;
        }

        (rune, escapeBytes) = (default, 12);
        if (unit < 0 || !char.IsHighSurrogate((char)unit) || escape[6] != '\\' || escape[7] != 'u') return false;
        var low = Hex4(escape + 8);
        if (low < 0 || !char.IsLowSurrogate((char)low)) return false;
        rune = new((char)unit, (char)low);
        return true;
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
        if (length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(length, _bytes.Length * 2));
    }
}
