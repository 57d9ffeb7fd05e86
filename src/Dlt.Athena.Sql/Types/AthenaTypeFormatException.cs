namespace Dlt.Sql;

/// <summary>Thrown when a text is not a type in the expected form.</summary>
public sealed class AthenaTypeFormatException : FormatException
{
    internal AthenaTypeFormatException(string text, int position, string problem)
        : base($"'{Shown(text)}' is not a type: {problem}, at character {position + 1}.")
    {
        Position = position;
        Problem = problem;
    }

    /// <summary>Index of the first invalid character: 0 to the length of the text.</summary>
    public int Position { get; }

    /// <summary>Description of the problem, as part of a sentence.</summary>
    public string Problem { get; }

    /// <summary>Returns the beginning of the text, because a type may have many thousand characters.</summary>
    private static string Shown(string text) => text.Length <= MaxShown ? text : string.Concat(text.AsSpan(0, MaxShown), "…");

    private const int MaxShown = 100;
}
