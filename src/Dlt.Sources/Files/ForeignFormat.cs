namespace Dlt.Sources.Files;

/// <summary>Formats that are not read, known by their first bytes, so that an error can name them.</summary>
/// <param name="Name">What the file is, with its article.</param>
/// <param name="Remedy">What makes a file of it that is read; <c>{0}</c> is its name.</param>
internal sealed record ForeignFormat(string Name, string Remedy)
{
    private static readonly (byte[] Magic, ForeignFormat Format)[] Known =
    [
        ("BZh"u8.ToArray(), new("a bzip2 file", "Unpack it on the way: bzip2 -dc {0} | dlt load -")),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], new("an xz file", "Unpack it on the way: xz -dc {0} | dlt load -")),
        ([(byte)'P', (byte)'K', 3, 4], new("a zip archive (or an Excel workbook)", "Unpack it (unzip -p {0} | dlt load -), or save "
            + "the workbook as CSV")),
        ([(byte)'P', (byte)'K', 5, 6], new("an empty zip archive", "Get the file again")),
        ([(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C], new("a 7z archive", "Unpack it: 7z x {0}")),
        ([0x04, 0x22, 0x4D, 0x18], new("an lz4 file", "Unpack it on the way: lz4 -dc {0} | dlt load -")),
        ([0xFF, 6, 0, 0, (byte)'s', (byte)'N', (byte)'a', (byte)'P', (byte)'p', (byte)'Y'], new("a snappy file", "Unpack it first")),
        ([0x1F, 0x9D], new("a compress (.Z) file", "Unpack it on the way: uncompress -c {0} | dlt load -")),
        ("Rar!"u8.ToArray(), new("a rar archive", "Unpack it first")),
        ("%PDF-"u8.ToArray(), new("a PDF document", "Load the data that it was made of")),
        ("SQLite format 3\0"u8.ToArray(), new("an SQLite database", "Export its tables as CSV, or read them with Resource.FromReader "
            + "in a program")),
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], new("an old Excel or Word document", "Save it as CSV")),
        ([(byte)'O', (byte)'b', (byte)'j', 1], new("an Avro file", "Convert it to Parquet or JSON lines")),
        ([(byte)'O', (byte)'R', (byte)'C', 0x0A], new("an ORC file", "Convert it to Parquet")),
        ([(byte)'O', (byte)'R', (byte)'C', 0x08], new("an ORC file", "Convert it to Parquet")),
        ([0x89, (byte)'H', (byte)'D', (byte)'F'], new("an HDF5 file", "Convert it to Parquet")),
        ("FEA1"u8.ToArray(), new("a Feather file of version 1", "Write it again as Feather of version 2, which is Arrow")),
    ];

    private const int TarMagicAt = 257;
    private const int Bzip2BlockAt = 4;

    private static readonly byte[] Bzip2Block = [0x31, 0x41, 0x59, 0x26, 0x53, 0x59];
    private static readonly ForeignFormat Tar = new("a tar archive", "Unpack it (tar -xf {0}), then load the files in it");

    /// <returns>Null when the bytes are of no format that is known here.</returns>
    public static ForeignFormat? Of(ReadOnlySpan<byte> head)
    {
        if (head.Length > TarMagicAt && head[TarMagicAt..].StartsWith("ustar"u8)) return Tar;
        foreach (var (magic, format) in Known)
            if (head.StartsWith(magic)
                && (magic is not [(byte)'B', ..] || head[Math.Min(Bzip2BlockAt, head.Length)..].StartsWith(Bzip2Block))) return format;
        return null;
    }
}
