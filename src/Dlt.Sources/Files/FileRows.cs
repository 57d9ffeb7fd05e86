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
    /// <param name="context">The resource that reads: it decides about text that is not a row, and knows its columns.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    public static async IAsyncEnumerable<object?> ReadAsync(
        IReadOnlyList<(InputFile File, RowFormat Format)> files, FileReadingOptions options, ResourceContext context,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var (file, format) in files)
            await foreach (var page in format.ReadAsync(file, options, context, cancellationToken).ConfigureAwait(false))
                yield return page;
    }
}
