using System.Runtime.CompilerServices;
using Dlt.Files;
using Dlt.Sources.Files.Formats;

namespace Dlt.Sources.Files;

/// <summary>Reads the pages of several files, one file after another.</summary>
internal static class FileRows
{
    /// <summary>Reads the files in their order.</summary>
    /// <param name="files">Files of any formats that are read row by row.</param>
    /// <param name="options">Options for reading.</param>
    /// <param name="keepRejects">True to return text that is not a row as a <see cref="RejectedRecord"/>.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    public static async IAsyncEnumerable<object?> ReadAsync(
        IReadOnlyList<(InputFile File, RowFormat Format)> files, FileReadingOptions options, bool keepRejects,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (file, format) in files)
            await foreach (var page in format.ReadAsync(file, options, keepRejects, cancellationToken).ConfigureAwait(false))
                yield return page;
    }
}
