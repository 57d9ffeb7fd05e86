namespace Dlt.Naming;

/// <summary>Recognises white space as Python's <c>str.strip</c> does: Unicode spaces and the separators U+001C to U+001F.</summary>
internal static class Blank
{
    public static string Trim(string text)
    {
        int start = 0, end = text.Length;
        while (start < end && Is(text[start])) start++;
        while (end > start && Is(text[end - 1])) end--;
        return text[start..end];
    }

    public static bool IsBlank(string text) => Trim(text).Length == 0;

    private static bool Is(char c) => char.IsWhiteSpace(c) || c is >= '\u001C' and <= '\u001F';
}
