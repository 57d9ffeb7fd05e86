namespace Dlt.Extract;

/// <summary>A file that is read in place is gone, or is another than was extracted.</summary>
internal sealed class ChangedFileException : DltException
{
    public ChangedFileException(string message) : base(message) => Advice = "Put the file back, then run again.";
}
