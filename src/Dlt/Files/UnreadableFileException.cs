namespace Dlt.Files;

/// <summary>The exception that is thrown when an input file cannot be read to its end.</summary>
internal sealed class UnreadableFileException : DltException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="path">Name of the file.</param>
    /// <param name="why">Reason, as the end of a sentence with a full stop.</param>
    /// <param name="remedy">Advice for the user, without a full stop.</param>
    /// <param name="innerException">Original exception; null for none.</param>
    public UnreadableFileException(string path, string why, string remedy = "Get the file again", Exception? innerException = null)
        : base($"{path} cannot be read: {why} Nothing of it was loaded.", innerException) => Advice = $"{remedy}, then run again.";
}
