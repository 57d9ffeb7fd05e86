namespace Dlt;

/// <summary>Base of every error that dlt raises on purpose.</summary>
public class DltException : Exception
{
    /// <summary>An error with a text that says what happened, to which thing, what state that leaves and what to do.</summary>
    public DltException(string message, Exception? innerException = null) : base(message, innerException)
    {
    }

    /// <summary>What happened, to which thing, what state that leaves and what to do.</summary>
    public override string Message => State is null ? WithAdvice : $"{Sentence(WithAdvice)} {State}";

    /// <summary>True when the same call may succeed later without any change.</summary>
    public bool IsTransient { get; init; }

    /// <summary>True when the call used up its own attempts, so that a step around it does not retry at once.</summary>
    public bool WasRetried { get; init; }

    /// <summary>
    /// The state that the error leaves and the command that mends it: set by whoever runs the step, since the place that finds the error
    /// does not know them.
    /// </summary>
    internal string? State { get; set; }

    /// <summary>
    /// What the user does for a run that succeeds, as a sentence at the end of the message; null where the text itself says it. A run
    /// that goes on without the data leaves it out.
    /// </summary>
    internal string? Advice { get; init; }

    /// <summary>What happened, to which thing, and what state that leaves.</summary>
    internal string Finding => base.Message;

    private string WithAdvice => Advice is null ? base.Message : $"{base.Message} {Advice}";

    private static string Sentence(string text) => text.Length > 0 && text[^1] is '.' or '!' or '?' ? text : text + ".";
}
