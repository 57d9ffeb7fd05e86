namespace Dlt;

/// <summary>Thrown when a load stops. Its package stays pending.</summary>
public sealed class LoadException : DltException
{
    internal LoadException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }

    /// <summary>Load id of the package.</summary>
    public required string LoadId { get; init; }

    /// <summary>Id of the job that failed; null when no job did.</summary>
    public string? JobId { get; init; }
}
