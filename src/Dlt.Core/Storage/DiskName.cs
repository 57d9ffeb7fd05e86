using System.Buffers;
using System.Globalization;
using System.Text;

namespace Dlt.Storage;

/// <summary>
/// A name as every disk can hold it, and back. Ordinary names stay as they are; the bytes (UTF-8) of all else become <c>%xx</c>, on every
/// system the same: characters that Windows has no place for, its device names, a dot or a space at the end, patterns of DuckDB, upper case
/// (disks that do not tell it apart would mix two names up), characters that a disk may change into others.
/// </summary>
internal static class DiskName
{
    /// <summary>The empty name, which no disk has.</summary>
    private const string Empty = "%-";

    private const char Escape = '%';

    private static readonly SearchValues<char> OddCharacters = SearchValues.Create("%<>:\"/\\|?*[]\u007f");

    private static readonly string[] Devices = ["con", "prn", "aux", "nul", "conin$", "conout$"];

    /// <summary>The name on the disk.</summary>
    /// <param name="name">Any text of whole characters.</param>
    /// <param name="keepsCase">True: upper case stays, where something else tells two names apart.</param>
    /// <param name="furtherOdd">ASCII characters to escape beside the ones that a disk cannot hold.</param>
    public static string Encode(string name, bool keepsCase = false, string furtherOdd = "") =>
        string.Concat(Finish(Units(name, keepsCase, furtherOdd)));

    /// <summary>
    /// The name on the disk in parts of at most <paramref name="maxBytes"/> bytes and a few, cut between characters; one part as a rule.
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

    /// <summary>The name that stands on the disk so; null when no name does.</summary>
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

    /// <summary>Characters, or the escapes that stand for them.</summary>
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

    /// <summary>What applies to a whole name: its end, and the names of devices, which count with any ending.</summary>
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
    /// Letters, digits and signs that are lower case and that no Unicode normalisation changes; what is left is escaped rather than looked
    /// at more closely.
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
