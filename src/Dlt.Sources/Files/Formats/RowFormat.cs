using Dlt.Files;

namespace Dlt.Sources.Files.Formats;

/// <summary>A format whose files are read row by row into the package. Files of other formats are read in place by normalise.</summary>
internal abstract class RowFormat : InputFormat
{
    /// <summary>Reads the rows of a file in pages.</summary>
    /// <param name="file">The file, unpacked unless the format <see cref="InputFormat.ReadsCompressed"/>.</param>
    /// <param name="options">Options for reading.</param>
    /// <param name="context">The resource that reads: it decides about text that is not a row, and knows its columns.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    public abstract IAsyncEnumerable<object?> ReadAsync(
        InputFile file, FileReadingOptions options, ResourceContext context, CancellationToken cancellationToken);
}
