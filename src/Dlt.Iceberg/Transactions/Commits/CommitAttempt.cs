namespace Dlt.Iceberg;

/// <summary>Writes the files of one attempt to commit, and remembers them so a failed commit can delete them.</summary>
/// <param name="files">Reads and writes the files of the table.</param>
/// <param name="reader">Reads data files; null when the catalog has no reader.</param>
/// <param name="now">Time of the attempt.</param>
/// <param name="number">Number of the attempt, 1 for the first.</param>
/// <param name="written">Receives the locations of the written files.</param>
internal sealed class CommitAttempt(IFileIO files, IDataFileReader? reader, DateTimeOffset now, int number, List<string> written)
{
    public IFileIO Files { get; } = files;

    public IDataFileReader? Reader { get; } = reader;

    public DateTimeOffset Now { get; } = now;

    public int Number { get; } = number;

    /// <summary>Writes a file. It is deleted if the commit fails or the committed table does not name it.</summary>
    public async Task WriteAsync(string location, byte[] content, CancellationToken cancellationToken)
    {
        await Files.WriteAsync(location, content, cancellationToken).ConfigureAwait(false);
        written.Add(location);
    }
}
