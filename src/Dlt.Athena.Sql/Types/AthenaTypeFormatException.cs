namespace Dlt.Sql;

/// <summary>A text is not a type of the form in which it was read.</summary>
public sealed class AthenaTypeFormatException : FormatException
{
    internal AthenaTypeFormatException(string text, int position, string problem)
        : base($"'{Shown(text)}' is not a type: {problem}, at character {position + 1}.")
    {
        Position = position;
        Problem = problem;
    }

    /// <summary>The index of the first character that does not fit: 0 to the length of the text.</summary>
    public int Position { get; }

    /// <summary>What is wrong there, as a part of a sentence.</summary>
    public string Problem { get; }

    /// <summary>The beginning of the text: a type may have many thousand characters.</summary>
    private static string Shown(string text) => text.Length <= MaxShown ? text : string.Concat(text.AsSpan(0, MaxShown), "…");

    private const int MaxShown = 100;
}
