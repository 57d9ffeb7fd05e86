using System.Buffers;

namespace Dlt;

/// <summary>Words of a command line that can be pasted into a shell.</summary>
internal static class ShellWord
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,@+%");
    private static readonly SearchValues<char> Expanded = SearchValues.Create("\"\\$`!");

    /// <summary>
    /// The word, in quotes where a shell would read it otherwise: double ones where nothing in it has a meaning there, else single ones.
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
