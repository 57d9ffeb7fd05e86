using Dlt.Files;

namespace Dlt.Sources.Files.Formats;

/// <summary>A format whose files are read row by row into the package. Files of other formats are read in place by normalise.</summary>
internal abstract class RowFormat : InputFormat
{
    /// <summary>Reads the rows of a file in pages.</summary>
    /// <param name="file">The file, unpacked unless the format <see cref="InputFormat.ReadsCompressed"/>.</param>
    /// <param name="options">Options for reading.</param>
    /// <param name="keepRejects">True to return text that is not a row as a <see cref="RejectedRecord"/>.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    public abstract IAsyncEnumerable<object?> ReadAsync(
        InputFile file, FileReadingOptions options, bool keepRejects, CancellationToken cancellationToken);
}
