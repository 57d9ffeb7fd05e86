using Dlt.Sources.Files;

namespace Dlt;

/// <summary>
/// Files as resources: every row is an item, so lists become tables of their own and every row has keys, whatever the format.
/// </summary>
public static class FileResource
{
    /// <summary>
    /// A file of any format: JSON, CSV, Parquet and Arrow are recognised by their first bytes, what those leave open by the ending
    /// (<c>.json</c>, <c>.jsonl</c>, <c>.csv</c>, <c>.tsv</c>, <c>.txt</c>, also <c>.gz</c> or <c>.zst</c>).
    /// </summary>
    /// <exception cref="DltException">The file cannot be read, is of another format, or nothing tells which one it has.</exception>
    public static Resource Create(string name, string path, ResourceHints? hints = null) => CreateAll(name, [path], hints);

    /// <summary>
    /// Several files of any formats in one table: first those of CSV, Parquet and Arrow, then those of JSON, each in the order given.
    /// </summary>
    /// <exception cref="DltException">A file cannot be read, is of another format, or nothing tells which one it has.</exception>
    public static Resource CreateAll(string name, IEnumerable<string> paths, ResourceHints? hints = null) =>
        Create(name, [.. paths.Select(p => FormatProbe.Look(new InputFile(Path.GetFullPath(p)), new()))], hints, new());

    /// <param name="name">The resource.</param>
    /// <param name="files">The files, in order.</param>
    /// <param name="hints">What the resource says of its table.</param>
    /// <param name="csv">How files of CSV are written.</param>
    internal static Resource Create(string name, IReadOnlyList<ProbedFile> files, ResourceHints? hints, CsvOptions csv)
    {
        if (files.FirstOrDefault(f => f.MustBeUnpacked) is { } packed)
            throw new DltException($"{packed.File.Name} is compressed as a whole, and Parquet and Arrow are read from their ends. "
                + "Nothing of it was loaded. Unpack it, then run again.");
        var rows = files.Where(f => f.Format != InputFormat.Json).ToList();
        return Resource.FromFiles(
            name, [.. files.Where(f => f.Format == InputFormat.Json).Select(f => f.File)],
            rows.Count == 0 ? null : (context, cancellationToken) =>
                FileRows.ReadAsync(rows, csv, context.KeepRejects, cancellationToken), hints);
    }

    /// <summary>A Parquet file of any engine, read row group by row group.</summary>
    public static Resource Parquet(string name, string path, ResourceHints? hints = null) =>
        Resource.FromPages(name, (_, cancellationToken) => ParquetRows.ReadAsync(new(path), cancellationToken), hints);

    /// <summary>An Arrow IPC file or stream.</summary>
    public static Resource Arrow(string name, string path, ResourceHints? hints = null) =>
        Resource.FromPages(name, (_, cancellationToken) => ArrowRows.ReadAsync(new(path), cancellationToken), hints);

    /// <summary>A file of comma-separated values, plain, gzip or zstd, in UTF-8 or another encoding.</summary>
    /// <remarks>
    /// The types of the columns are those that all of the first 10,000 rows fit: whole numbers, reals, <c>true</c> and <c>false</c>, dates,
    /// or text; texts in ISO form become timestamps as in all items.
    /// A field that does not fit the type of its column, there or in a later file, is text as it is written, and finds its place in a
    /// variant column. Numbers with leading zeros are text. Empty fields are null.
    /// </remarks>
    public static Resource Csv(string name, string path, ResourceHints? hints = null, CsvOptions? options = null) =>
        Resource.FromPages(name, (context, cancellationToken) => new CsvRows(new(path), options ?? new(), context.KeepRejects)
            .ReadAsync(cancellationToken), hints);
}
