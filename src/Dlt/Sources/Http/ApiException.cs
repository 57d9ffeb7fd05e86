namespace Dlt;

/// <summary>A request of a source that failed for good.</summary>
public sealed class ApiException : DltException
{
    internal ApiException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }

    /// <summary>What was asked for, without user, query and fragment, which may hold keys.</summary>
    public required string Url { get; init; }

    /// <summary>The last status; null when there was no answer.</summary>
    public int? StatusCode { get; init; }

    /// <summary>How often it was tried. 1 or more; 0 when the request could not be sent at all.</summary>
    public int Attempts { get; init; }
}
