namespace Dlt.Normalize.Chunks;

/// <summary>An input file that cannot be read to its end.</summary>
internal sealed class UnreadableFileException(string path, string why, Exception? innerException = null)
    : DltException($"{path} cannot be read: {why} Nothing of it was loaded. Get the file again, then run again.", innerException);
