namespace Dlt;

/// <summary>Base of every error that dlt raises on purpose.</summary>
public class DltException : Exception
{
    /// <summary>An error with a text that says what happened, to which thing, what state that leaves and what to do.</summary>
    public DltException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }

    /// <summary>True when the same call may succeed later without any change.</summary>
    public bool IsTransient { get; init; }
}
