using System.Runtime.CompilerServices;

namespace Dlt.Sources.Files;

/// <summary>The pages of several files, one file after another.</summary>
internal static class FileRows
{
    /// <param name="files">Files of CSV, Parquet or Arrow, in order.</param>
    /// <param name="csv">How CSV is written.</param>
    /// <param name="keepRejects">True: a record of CSV that is no row comes as a <see cref="RejectedRecord"/>.</param>
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
