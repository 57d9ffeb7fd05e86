namespace Dlt;

/// <summary>The exception that is thrown when an HTTP request of a source failed after all attempts.</summary>
public sealed class ApiException : DltException
{
    internal ApiException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }

    /// <summary>Address of the request, without user, query and fragment, which may contain secrets.</summary>
    public required string Url { get; init; }

    /// <summary>Status code of the last response; null when there was none.</summary>
    public int? StatusCode { get; init; }

    /// <summary>Number of attempts; 0 when the request could not be sent at all.</summary>
    public int Attempts { get; init; }
}
