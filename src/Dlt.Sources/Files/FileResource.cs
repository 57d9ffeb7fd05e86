using Dlt.Files;
using Dlt.Sources.Files;
using Dlt.Sources.Files.Formats;

namespace Dlt;

/// <summary>
/// Creates resources from files. Every row is an item, whatever the format: nested lists become child tables, and rows get keys.
/// </summary>
public static class FileResource
{
    /// <summary>
    /// Creates a resource from a file of any format. JSON, CSV, Parquet and Arrow are recognized by their first bytes, else by the ending
    /// of the name (<c>.json</c>, <c>.jsonl</c>, <c>.csv</c>, <c>.tsv</c>, <c>.txt</c>, also with <c>.gz</c> or <c>.zst</c>).
    /// </summary>
    /// <exception cref="DltException">The file cannot be read, has an unsupported format, or its format cannot be detected.</exception>
    public static Resource Create(string name, string path, ResourceHints? hints = null) => CreateAll(name, [path], hints);

    /// <summary>
    /// Creates a resource from several files of any formats in one table: first the CSV, Parquet and Arrow files, then the JSON files, each
    /// in the given order.
    /// </summary>
    /// <exception cref="DltException">A file cannot be read, has an unsupported format, or its format cannot be detected.</exception>
    public static Resource CreateAll(string name, IEnumerable<string> paths, ResourceHints? hints = null) =>
        Create(name, [.. paths.Select(p => FormatProbe.Look(new InputFile(Path.GetFullPath(p)), new()))], hints, new());

    /// <summary>Creates a resource from files whose formats are known.</summary>
    /// <param name="name">Name of the resource.</param>
    /// <param name="files">The files, in order.</param>
    /// <param name="hints">Hints for the table.</param>
    /// <param name="options">Options for reading.</param>
    internal static Resource Create(string name, IReadOnlyList<ProbedFile> files, ResourceHints? hints, FileReadingOptions options)
    {
        if (files.FirstOrDefault(f => f.MustBeUnpacked) is { } packed)
            throw new DltException($"{packed.File.Name} is compressed as a whole, and "
                + $"{InputFormat.AllOf(InputFormat.All.Where(f => !f.ReadsCompressed).Select(f => f.Title))} are read from their ends. "
                + "Nothing of it was loaded. Unpack it, then run again.");
        var rows = files.Where(f => f.Format is RowFormat).Select(f => (f.File, (RowFormat)f.Format)).ToList();
        return Resource.FromFiles(
            name, [.. files.Where(f => f.Format is not RowFormat).Select(f => f.File)],
            rows.Count == 0 ? null : (context, cancellationToken) =>
                FileRows.ReadAsync(rows, options, context, cancellationToken), hints);
    }

    /// <summary>Creates a resource from a Parquet file of any engine, read row group by row group.</summary>
    public static Resource Parquet(string name, string path, ResourceHints? hints = null) =>
        Resource.FromPages(name, (_, cancellationToken) => ParquetRows.ReadAsync(new(path), cancellationToken), hints);

    /// <summary>Creates a resource from an Arrow IPC file or stream.</summary>
    public static Resource Arrow(string name, string path, ResourceHints? hints = null) =>
        Resource.FromPages(name, (_, cancellationToken) => ArrowRows.ReadAsync(new(path), cancellationToken), hints);

    /// <summary>Creates a resource from a file of comma-separated values: plain, gzip or zstd, in UTF-8 or another encoding.</summary>
    /// <remarks>
    /// Each column gets the narrowest type that all of its first 10,000 fields have: whole number, real, <c>true</c> and <c>false</c>,
    /// date, or text. Texts in ISO form become timestamps, as in all items. A later field without the type of its column, also in another
    /// file, is loaded as text into a variant column. Numbers with leading zeros are text. Empty fields are null. Columns that are declared
    /// as text or decimals, or are so in the table, get the fields as they are written.
    /// </remarks>
    public static Resource Csv(string name, string path, ResourceHints? hints = null, CsvOptions? options = null) =>
        Resource.FromPages(name, (context, cancellationToken) => new CsvRows(new(path), options ?? new(), context)
            .ReadAsync(cancellationToken), hints);
}
