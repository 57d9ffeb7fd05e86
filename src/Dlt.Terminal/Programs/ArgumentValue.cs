namespace Dlt;

/// <summary>Reads the values of arguments.</summary>
internal static class ArgumentValue
{
    /// <summary>Returns the value of an argument: the text after its word, or after <c>=</c>; null when it is not given.</summary>
    public static string? In(string[] args, string word)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].StartsWith(word + "=", StringComparison.Ordinal)) return args[i][(word.Length + 1)..];
            if (args[i] == word && i + 1 < args.Length) return args[i + 1];
        }

        return null;
    }
}
