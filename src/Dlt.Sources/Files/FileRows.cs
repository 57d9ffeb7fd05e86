using System.Runtime.CompilerServices;

namespace Dlt.Sources.Files;

/// <summary>The pages of several files, one file after another.</summary>
internal static class FileRows
{
    /// <param name="files">Files of CSV, Parquet or Arrow, in order.</param>
    /// <param name="csv">How CSV is written.</param>
    /// <param name="keepsRejects">True: a record of CSV that is no row comes as a <see cref="RejectedRecord"/>.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    public static async IAsyncEnumerable<object?> ReadAsync(
        IReadOnlyList<ProbedFile> files, CsvOptions csv, bool keepsRejects, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var file in files)
            await foreach (var page in Read(file, csv, keepsRejects, cancellationToken).ConfigureAwait(false)) yield return page;
    }

    private static IAsyncEnumerable<object?> Read(
        ProbedFile file, CsvOptions csv, bool keepsRejects, CancellationToken cancellationToken) => file.Format switch
    {
        InputFormat.Parquet => ParquetRows.ReadAsync(file.File, cancellationToken),
        InputFormat.Arrow => ArrowRows.ReadAsync(file.File, cancellationToken),
        _ => new CsvRows(file.File, csv, keepsRejects).ReadAsync(cancellationToken),
    };
}
