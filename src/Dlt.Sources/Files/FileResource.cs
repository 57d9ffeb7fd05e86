using Dlt.Sources.Files;
using Dlt.Storage;

namespace Dlt;

/// <summary>Files as resources: every row is an item, so lists become tables of their own and every row has keys, whatever the format.</summary>
public static class FileResource
{
    private static readonly byte[] ParquetMagic = "PAR1"u8.ToArray();
    private static readonly byte[] ArrowMagic = "ARROW1"u8.ToArray();
    private static readonly string[] CsvEndings = ["csv", "tsv", "txt"];

    /// <summary>A file of any format: Parquet and Arrow are recognised by their first bytes, CSV by its ending (<c>.csv</c>, <c>.tsv</c>, <c>.txt</c>, also <c>.gz</c> or <c>.zst</c>); all else is JSON.</summary>
    /// <exception cref="DltException">The file cannot be read.</exception>
    public static Resource Create(string name, string path, ResourceHints? hints = null) => Create(name, path, hints, csv: null);

    /// <param name="name">The resource.</param>
    /// <param name="path">The file.</param>
    /// <param name="hints">What the resource says of its table.</param>
    /// <param name="csv">How a CSV file is written; with it, a file that is neither Parquet nor Arrow is CSV.</param>
    internal static Resource Create(string name, string path, ResourceHints? hints, CsvOptions? csv)
    {
        CompressedFile.CheckHasBytes(path);
        Span<byte> first = stackalloc byte[8];
        using (var file = CompressedFile.OpenFile(path)) first = first[..file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false)];
        if (first.StartsWith(ParquetMagic)) return Parquet(name, path, hints);
        if (first.StartsWith(ArrowMagic) || IsStream(first, path)) return Arrow(name, path, hints);
        return csv is not null || CsvEndings.Contains(FileFormat.Of(path).Name) ? Csv(name, path, hints, csv) : Dlt.Resource.FromFile(name, path, hints);
    }

    /// <summary>A Parquet file of any engine, read row group by row group.</summary>
    public static Resource Parquet(string name, string path, ResourceHints? hints = null) =>
        Dlt.Resource.FromPages(name, (_, cancellationToken) => ParquetRows.ReadAsync(path, cancellationToken), hints);

    /// <summary>An Arrow IPC file or stream.</summary>
    public static Resource Arrow(string name, string path, ResourceHints? hints = null) =>
        Dlt.Resource.FromPages(name, (_, cancellationToken) => ArrowRows.ReadAsync(path, cancellationToken), hints);

    /// <summary>A file of comma-separated values, plain, gzip or zstd, in UTF-8 or another encoding with byte order mark.</summary>
    /// <remarks>
    /// The types of the columns are those that all of the first 10,000 rows fit: whole numbers, reals, <c>true</c> and <c>false</c>, dates, or text; texts in ISO form become timestamps as in all items.
    /// A field that does not fit the type of its column, there or in a later file, is text as it is written, and finds its place in a variant column. Numbers with leading zeros are text. Empty fields are null.
    /// </remarks>
    public static Resource Csv(string name, string path, ResourceHints? hints = null, CsvOptions? options = null) =>
        Dlt.Resource.FromPages(name, (context, cancellationToken) => new CsvRows(path, options ?? new(), context.KeepsRejects).ReadAsync(cancellationToken), hints);

    /// <summary>A stream begins with the length of its schema after four bytes of ones.</summary>
    private static bool IsStream(ReadOnlySpan<byte> first, string path) => first.Length >= 4 && first[..4].IndexOfAnyExcept((byte)0xFF) < 0 && FileFormat.Of(path).Name is "arrows" or "arrow";
}
