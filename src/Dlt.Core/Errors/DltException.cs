namespace Dlt;

/// <summary>Base class of the errors that dlt raises deliberately.</summary>
public class DltException : Exception
{
    /// <summary>Creates an error whose message says what happened, to which thing, what state that leaves and what to do.</summary>
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
    /// The state after the error and the command that fixes it. The step that is running sets it, because the code that throws does not
    /// know it.
    /// </summary>
    internal string? State { get; set; }

    /// <summary>
    /// What the user must do, as the last sentence of the message; null when the message already says it. A run that continues without the
    /// data leaves it out.
    /// </summary>
    internal string? Advice { get; init; }

    /// <summary>The message without <see cref="Advice"/> and <see cref="State"/>.</summary>
    internal string Finding => base.Message;

    private string WithAdvice => Advice is null ? base.Message : $"{base.Message} {Advice}";

    private static string Sentence(string text) => text.Length > 0 && text[^1] is '.' or '!' or '?' ? text : text + ".";
}
