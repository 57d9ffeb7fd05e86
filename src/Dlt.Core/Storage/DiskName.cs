using System.Buffers;
using System.Globalization;
using System.Text;

namespace Dlt.Storage;

/// <summary>
/// Encodes a name so that every disk can store it, and decodes it. Ordinary names stay unchanged. The UTF-8 bytes of other characters
/// become <c>%xx</c>, in the same way on every system: characters and device names that Windows does not allow, a dot or a space at the
/// end, wildcards of DuckDB, upper case (some disks ignore case), and characters that a disk may normalize.
/// </summary>
internal static class DiskName
{
    /// <summary>Encoded form of the empty name, which no disk can store.</summary>
    private const string Empty = "%-";

    private const char Escape = '%';

    private static readonly SearchValues<char> OddCharacters = SearchValues.Create("%<>:\"/\\|?*[]\u007f");

    private static readonly string[] Devices = ["con", "prn", "aux", "nul", "conin$", "conout$"];

    /// <summary>Returns the encoded form of a name.</summary>
    /// <param name="name">Any text without lone surrogates.</param>
    /// <param name="keepsCase">True to keep upper case, because the caller distinguishes names in another way.</param>
    /// <param name="furtherOdd">ASCII characters to escape in addition to those that a disk cannot store.</param>
    public static string Encode(string name, bool keepsCase = false, string furtherOdd = "") =>
        string.Concat(Finish(Units(name, keepsCase, furtherOdd)));

    /// <summary>
    /// Encodes a name in parts of about <paramref name="maxBytes"/> bytes, cut between characters. Most names have one part.
    /// </summary>
    public static List<string> EncodeParts(string name, int maxBytes)
    {
        var parts = new List<string>();
        var part = new List<string>();
        var bytes = 0;
        foreach (var unit in Units(name, keepsCase: false, ""))
        {
            var length = Encoding.UTF8.GetByteCount(unit);
            if (bytes + length > maxBytes)
            {
                parts.Add(string.Concat(Finish(part)));
                part = [];
                bytes = 0;
            }

            part.Add(unit);
            bytes += length;
        }

        parts.Add(string.Concat(Finish(part)));
        return parts;
    }

    /// <summary>Returns the name with this encoded form; null when no name has it.</summary>
    public static string? Decode(string onDisk)
    {
        if (onDisk == Empty) return "";
        if (!onDisk.Contains(Escape, StringComparison.Ordinal)) return onDisk;
        var bytes = new ArrayBufferWriter<byte>(onDisk.Length);
        for (var i = 0; i < onDisk.Length; i++)
        {
            if (onDisk[i] == Escape)
            {
                if (i + 2 >= onDisk.Length || !IsHex(onDisk[i + 1]) || !IsHex(onDisk[i + 2])) return null;
                bytes.Write([byte.Parse(onDisk.AsSpan(i + 1, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture)]);
                i += 2;
                continue;
            }

            var end = onDisk.IndexOf(Escape, i);
            var plain = onDisk[i..(end < 0 ? onDisk.Length : end)];
            bytes.Write(Encoding.UTF8.GetBytes(plain));
            i += plain.Length - 1;
        }

        try
        {
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes.WrittenSpan);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Splits a name into characters and the escapes of characters.</summary>
    private static List<string> Units(string name, bool keepsCase, string furtherOdd)
    {
        var units = new List<string>(name.Length);
        foreach (var rune in name.EnumerateRunes())
        {
            var isPlain = rune.IsAscii
                ? rune.Value >= ' ' && !OddCharacters.Contains((char)rune.Value)
                    && !furtherOdd.Contains((char)rune.Value, StringComparison.Ordinal)
                    && (keepsCase || !char.IsAsciiLetterUpper((char)rune.Value))
                : IsPlainBeyondAscii(rune, keepsCase);
            units.Add(isPlain ? rune.ToString() : Escaped(rune));
        }

        return units;
    }

    /// <summary>
    /// Applies the rules for the whole name: its last character, and device names, which Windows reserves with any extension.
    /// </summary>
    private static List<string> Finish(List<string> units)
    {
        if (units.Count == 0) return [Empty];
        if (units[^1] is "." or " ") units[^1] = Escaped(new Rune(units[^1][0]));
        var name = string.Concat(units);
        var point = name.IndexOf('.', StringComparison.Ordinal);
        var device = (point < 0 ? name : name[..point]).TrimEnd(' ').ToLowerInvariant();
        if (Devices.Contains(device)
            || (device.Length == 4 && (device.StartsWith("com", StringComparison.Ordinal)
            || device.StartsWith("lpt", StringComparison.Ordinal)) && "0123456789¹²³".Contains(device[3], StringComparison.Ordinal)))
            units[0] = Escaped(new Rune(units[0][0]));
        return units;
    }

    /// <summary>
    /// Returns true for lower-case letters, digits and symbols that no Unicode normalization changes; all other characters are escaped.
    /// </summary>
    private static bool IsPlainBeyondAscii(Rune rune, bool keepsCase)
    {
        if (!rune.IsBmp || rune.Value is 0xFFFD or 0x0374 or (>= 0x1100 and <= 0x11FF) or (>= 0x1F00 and <= 0x1FFF)
            or (>= 0xF900 and <= 0xFB4F)) return false;
        var category = Rune.GetUnicodeCategory(rune);
        if (category == UnicodeCategory.UppercaseLetter) return keepsCase;
        return category is UnicodeCategory.LowercaseLetter or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter
            or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.OtherSymbol or UnicodeCategory.DashPunctuation
            && (keepsCase || Rune.ToLowerInvariant(Rune.ToUpperInvariant(rune)) == rune);
    }

    private static string Escaped(Rune rune)
    {
        Span<byte> bytes = stackalloc byte[4];
        var text = new StringBuilder(12);
        foreach (var value in bytes[..rune.EncodeToUtf8(bytes)]) text.Append(Escape).Append(Convert.ToHexStringLower([value]));
        return text.ToString();
    }

    private static bool IsHex(char c) => c is (>= '0' and <= '9') or (>= 'a' and <= 'f');
}
