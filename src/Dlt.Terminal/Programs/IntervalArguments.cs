namespace Dlt;

/// <summary>
/// The arguments <c>--interval-start</c> and <c>--interval-end</c>: the interval that a scheduler wants loaded, which takes precedence over
/// <c>DLT_INTERVAL_START</c> and <c>DLT_INTERVAL_END</c>.
/// </summary>
internal static class IntervalArguments
{
    public const string StartWord = "--interval-start";
    public const string EndWord = "--interval-end";

    /// <summary>Reads the interval from the arguments of a program.</summary>
    /// <returns>Start and end; null when the arguments have neither.</returns>
    /// <exception cref="DltException">One of the two is missing.</exception>
    public static (string Start, string End)? Read(string[] args)
    {
        var (start, end) = (ArgumentValue.In(args, StartWord), ArgumentValue.In(args, EndWord));
        if (start is null && end is null) return null;
        if (start is not null && end is not null) return (start, end);
        var (given, missing) = start is null ? (EndWord, StartWord) : (StartWord, EndWord);
        throw new DltException($"The argument '{given}' needs '{missing}' beside it. Nothing was run. Give both, or neither.");
    }
}
