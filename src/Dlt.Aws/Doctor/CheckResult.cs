namespace Dlt.Aws;

/// <summary>How a check of <c>dlt doctor</c> ended.</summary>
public enum CheckState
{
    /// <summary>What was checked works.</summary>
    Ok,

    /// <summary>Loads work, but something should be looked at, or could not be checked.</summary>
    Warning,

    /// <summary>Loads or queries do not work until this is put right.</summary>
    Failed,
}

/// <summary>The result of one check.</summary>
/// <param name="Name">What was checked, such as <c>bucket</c>.</param>
/// <param name="State">How it ended.</param>
/// <param name="Message">What was found; for a warning or a failure also what to do. One line.</param>
public sealed record CheckResult(string Name, CheckState State, string Message)
{
    /// <summary>What was found; for a warning or a failure also what to do. One line; those of a longer text are joined.</summary>
    public string Message { get; init; } = string.Join(' ', Message
        .Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(line => line.StartsWith("- ", StringComparison.Ordinal) ? line[2..] : line));
}
