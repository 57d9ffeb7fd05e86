using Dlt.Load;

namespace Dlt;

/// <summary>A load that stopped; its package stays pending.</summary>
public sealed class LoadException : DltException
{
    internal LoadException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }

    /// <summary>The package.</summary>
    public required string LoadId { get; init; }

    /// <summary>The job that failed, if one did.</summary>
    public string? JobId { get; init; }
}
