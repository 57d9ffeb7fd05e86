namespace Dlt.Packages;

/// <summary>Thrown when a file that is read in place is gone or has changed since the extract.</summary>
internal sealed class ChangedFileException : DltException
{
    public ChangedFileException(string message) : base(message) => Advice = "Put the file back, then run again.";
}
