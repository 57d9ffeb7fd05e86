using System.Globalization;
using Dlt.Files;
using Dlt.Internal;

namespace Dlt.Sources.Files;

/// <summary>A format that cannot be read. It is recognized by its first bytes, so errors can name it.</summary>
/// <param name="Name">Name of the format with its article.</param>
/// <param name="Remedy">Advice how to make a readable file of it; <c>{0}</c> is its path, quoted for a shell. Empty if there is an
/// <paramref name="Unpacker"/>.</param>
/// <param name="Unpacker">Command that writes its content to standard output; <c>{0}</c> as above.</param>
internal sealed record ForeignFormat(string Name, string Remedy, string? Unpacker = null)
{
    /// <summary>True if <see cref="Unpacker"/> without a path reads standard input.</summary>
    public bool ReadsPipes { get; private init; }

    private static readonly ForeignFormat Xml = new("an XML document", "Convert it to JSON lines or CSV, and load that.");
    private static readonly ForeignFormat Page =
        new("an HTML page, as servers send for a login or an error", "Get the data itself, and load that.");

    private static readonly (byte[] Magic, ForeignFormat Format)[] Known =
    [
        ("BZh"u8.ToArray(), Packed("a bzip2 file", "bzip2 -dc {0}", readsPipes: true)),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], Packed("an xz file", "xz -dc {0}", readsPipes: true)),
        ([(byte)'P', (byte)'K', 3, 4], Packed("a zip archive", "unzip -p {0}")),
        ([(byte)'P', (byte)'K', 5, 6], new("an empty zip archive", "Get the file again, then run again.")),
        ([(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C], Packed("a 7z archive", "7z x -so {0}")),
        ([0x04, 0x22, 0x4D, 0x18], Packed("an lz4 file", "lz4 -dc {0}", readsPipes: true)),
        ([0xFF, 6, 0, 0, (byte)'s', (byte)'N', (byte)'a', (byte)'P', (byte)'p', (byte)'Y'],
            new("a snappy file", "Unpack it, then load the result.")),
        ([0x1F, 0x9D], Packed("a compress (.Z) file", "uncompress -c {0}", readsPipes: true)),
        ("Rar!"u8.ToArray(), Packed("a rar archive", "unrar p -inul {0}")),
        ("%PDF-"u8.ToArray(), new("a PDF document", "Load the data that it was made from.")),
        ("SQLite format 3\0"u8.ToArray(), new("an SQLite database", "Export its tables as CSV, or read them with Resource.FromReader "
            + "in a program.")),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], new("an old Excel or Word document", "Save it as CSV, and load that.")),
        ([(byte)'O', (byte)'b', (byte)'j', 1], new("an Avro file", "Convert it to Parquet or JSON lines.")),
        ([(byte)'O', (byte)'R', (byte)'C', 0x0A], new("an ORC file", "Convert it to Parquet.")),
        ([(byte)'O', (byte)'R', (byte)'C', 0x08], new("an ORC file", "Convert it to Parquet.")),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], new("an HDF5 file", "Convert it to Parquet.")),
        ("<?xml"u8.ToArray(), Xml),
        ([0xEF, 0xBB, 0xBF, .. "<?xml"u8], Xml),
        ("<!DOCTYPE html"u8.ToArray(), Page),
        ("<!doctype html"u8.ToArray(), Page),
        ("<html"u8.ToArray(), Page),
        ("FEA1"u8.ToArray(), new("a Feather file of version 1", "Write it again as Feather of version 2, which is Arrow.")),
    ];

    private const int TarMagicAt = 257;
    private const int Bzip2BlockAt = 4;
    private const int ZipNameAt = 30;   // offset of the name in an entry, after the lengths (APPNOTE 4.3.7)

    private static readonly string[] WorkbookNames = [".xlsx", ".xlsm", ".xlsb", ".xltx", ".ods"];
    private static readonly byte[] Bzip2Block = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
    private static readonly ForeignFormat Tar = new("a tar archive", "Unpack it with tar -xf {0}, and load the files in it.");
    private static readonly ForeignFormat Workbook = new("an Excel workbook", "Save it as CSV, and load that.");

    /// <summary>Recognizes a format.</summary>
    /// <param name="head">First bytes of the file.</param>
    /// <param name="name">Name of the file, which distinguishes a workbook from other zip archives.</param>
    /// <returns>Null if no known format begins with these bytes.</returns>
    public static ForeignFormat? Of(ReadOnlySpan<byte> head, string name)
    {
        if (head.StartsWith("PK\u0003\u0004"u8) && IsWorkbook(head, name)) return Workbook;
        if (head.Length > TarMagicAt && head[TarMagicAt..].StartsWith("ustar"u8)) return Tar;
        foreach (var (magic, format) in Known)
            if (head.StartsWith(magic)
                && (magic is not [(byte)'B', ..] || head[Math.Min(Bzip2BlockAt, head.Length)..].StartsWith(Bzip2Block))) return format;
        return null;
    }

    /// <summary>Advice how to make a readable file of it, as a sentence.</summary>
    /// <param name="file">The file.</param>
    /// <param name="command">Command line that loads it; null in a program.</param>
    public string RemedyOf(InputFile file, LoadingCommand? command)
    {
        var word = ShellWord.Quote(command?.Word ?? file.Path);
        if (Unpacker is null) return string.Format(CultureInfo.InvariantCulture, Remedy, word);
        if (file.IsCopy && !ReadsPipes) return "Save it as a file, and unpack that.";
        if (file.IsCopy && command is not null)
            return $"Unpack it on the way, with a pipe that ends like this: {Unpacker.Replace(" {0}", "", StringComparison.Ordinal)} | "
                + command.With("-");
        var unpack = string.Format(CultureInfo.InvariantCulture, Unpacker, word);
        return command is null
            ? $"Unpack it, and load the result. This command writes its content: {unpack}"
            : $"Unpack it on the way: {unpack} | {command.With("-")}";
    }

    private static ForeignFormat Packed(string name, string unpacker, bool readsPipes = false) =>
        new(name, "", unpacker) { ReadsPipes = readsPipes };

    /// <summary>True if the archive is a workbook by its name, or has the folder of one.</summary>
    private static bool IsWorkbook(ReadOnlySpan<byte> head, string name)
    {
        if (WorkbookNames.Contains(Path.GetExtension(name), StringComparer.OrdinalIgnoreCase)) return true;
        for (int at; (at = head.IndexOf("PK\u0003\u0004"u8)) >= 0; head = head[(at + 1)..])
            if (at + ZipNameAt < head.Length && head[(at + ZipNameAt)..].StartsWith("xl/"u8)) return true;
        return false;
    }
}
