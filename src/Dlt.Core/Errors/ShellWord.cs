using System.Buffers;
using System.ComponentModel;

namespace Dlt.Internal;

/// <summary>Quotes words of command lines in messages, so that they can be pasted into a shell.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ShellWord
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,@+%");
    private static readonly SearchValues<char> Expanded = SearchValues.Create("\"\\$`!");

    /// <summary>
    /// Returns the word, in quotes if a shell needs them: double quotes when the word has no character that shells expand, otherwise single
    /// quotes. On Windows always double quotes.
    /// </summary>
    public static string Quote(string word)
    {
        if (word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain)) return word;
        if (!word.AsSpan().ContainsAny(Expanded)) return $"\"{word}\"";
        return OperatingSystem.IsWindows()
            ? $"\"{word.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
    }
}
