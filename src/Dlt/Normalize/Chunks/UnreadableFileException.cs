namespace Dlt.Normalize.Chunks;

/// <summary>An input file that cannot be read to its end.</summary>
/// <param name="path">The file.</param>
/// <param name="why">What is wrong with it.</param>
/// <param name="remedy">What to do before the next run.</param>
/// <param name="innerException">The cause.</param>
internal sealed class UnreadableFileException(
    string path, string why, string remedy = "Get the file again", Exception? innerException = null)
    : DltException($"{path} cannot be read: {why} Nothing of it was loaded. {remedy}, then run again.", innerException);
