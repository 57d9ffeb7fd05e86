using System.Runtime.CompilerServices;

namespace Dlt.Sources.Files;

/// <summary>Reads the pages of several files, one file after another.</summary>
internal static class FileRows
{
    /// <summary>Reads the files in their order.</summary>
    /// <param name="files">CSV, Parquet or Arrow files.</param>
    /// <param name="csv">Options for CSV files.</param>
    /// <param name="keepRejects">True to return a CSV record that is not a row as a <see cref="RejectedRecord"/>.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    public static async IAsyncEnumerable<object?> ReadAsync(
        IReadOnlyList<ProbedFile> files, CsvOptions csv, bool keepRejects, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in files)
            await foreach (var page in Read(file, csv, keepRejects, cancellationToken).ConfigureAwait(false)) yield return page;
    }

    private static IAsyncEnumerable<object?> Read(
        ProbedFile file, CsvOptions csv, bool keepRejects, CancellationToken cancellationToken) => file.Format switch
        {
            InputFormat.Parquet => ParquetRows.ReadAsync(file.File, cancellationToken),
            InputFormat.Arrow => ArrowRows.ReadAsync(file.File, cancellationToken),
            _ => new CsvRows(file.File, csv, keepRejects).ReadAsync(cancellationToken),
        };
}
