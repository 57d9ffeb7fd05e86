namespace Dlt.Normalize.Chunks;

/// <summary>An input file that cannot be read to its end.</summary>
internal sealed class UnreadableFileException : DltException
{
    /// <param name="path">The file.</param>
    /// <param name="why">What is wrong with it.</param>
    /// <param name="remedy">What to do before the next run.</param>
    /// <param name="innerException">The cause.</param>
    public UnreadableFileException(string path, string why, string remedy = "Get the file again", Exception? innerException = null)
        : base($"{path} cannot be read: {why} Nothing of it was loaded.", innerException) => Advice = $"{remedy}, then run again.";
}
