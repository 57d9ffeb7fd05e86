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
            byte plain;
            switch (stop[1])
            {
                case (byte)'"' or (byte)'\\' or (byte)'/':
                    plain = stop[1];
                    break;
                case (byte)'n':
                    plain = (byte)'\n';
                    break;
                case (byte)'t':
                    plain = (byte)'\t';
                    break;
                case (byte)'r':
                    plain = (byte)'\r';
                    break;
                case (byte)'b':
                    plain = (byte)'\b';
                    break;
                case (byte)'f':
                    plain = (byte)'\f';
                    break;
                case (byte)'u':
                    var unit = Hex4(stop + 2);
                    if (unit < 0 || char.IsSurrogate((char)unit))
                    {
                        var low = unit >= 0 && char.IsHighSurrogate((char)unit) && stop[6] == '\\' && stop[7] == 'u' ? Hex4(stop + 8) : -1;
                        if (low < 0 || !char.IsLowSurrogate((char)low)) return null;
                        length += new Rune((char)unit, (char)low).EncodeToUtf8(_bytes.AsSpan(length));
                        from = stop + 12;
                    }
                    else
                    {
                        length += new Rune(unit).EncodeToUtf8(_bytes.AsSpan(length));
                        from = stop + 6;
                    }

                    stop = End(from);
                    continue;
                default:
                    return null;
            }

            _bytes[length++] = plain;
            from = stop + 2;
            stop = End(from);
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
        if (length > _bytes.Length) Array.Resize(ref _bytes, Math.Max(length, _bytes.Length * 2));
    }
}
