namespace Dlt.Sources.Files;

/// <summary>The delimiter of a CSV file, found in its first records.</summary>
/// <param name="Delimiter">Character between fields.</param>
/// <param name="SkippedChars">Number of characters of the line <c>sep=;</c> at the beginning, which names the delimiter for Excel; 0 if
/// there is none.</param>
internal readonly record struct CsvDialect(char Delimiter, int SkippedChars)
{
    private const string Candidates = ",;\t|";
    private const string Hint = "sep=";
    private const int LookedAt = 100;

    /// <summary>
    /// Finds the delimiter: the one that gives most of the first records as many fields as the header, and more than one. Delimiters in
    /// quotes do not count.
    /// </summary>
    /// <param name="head">Beginning of the file.</param>
    /// <param name="isWhole">True if that is the whole file.</param>
    /// <param name="delimiter">The delimiter, if it is known.</param>
    public static CsvDialect Of(ReadOnlySpan<char> head, bool isWhole, char? delimiter)
    {
        var end = head.IndexOfAny('\r', '\n');
        var line = end < 0 ? head : head[..end];
        if (line.Trim('"') is { Length: 5 } hint && hint.StartsWith(Hint, StringComparison.OrdinalIgnoreCase) && (end >= 0 || isWhole))
        {
            var next = end < 0 ? head.Length : end + (head[end..].StartsWith("\r\n") ? 2 : 1);
            return new(delimiter ?? hint[^1], next);
        }

        return new(delimiter ?? Find(head, isWhole), 0);
    }

    /// <summary>True if the text has two or more records, and the first ones have as many fields as the header, more than one.</summary>
    /// <param name="head">Beginning of the file.</param>
    /// <param name="isWhole">True if that is the whole file.</param>
    public static bool IsTable(ReadOnlySpan<char> head, bool isWhole)
    {
        foreach (var candidate in Candidates)
        {
            var counts = Count(head, candidate, isWhole);
            if (counts.Count >= 2 && counts[0] >= 2 && counts.TrueForAll(c => c == counts[0])) return true;
        }

        return false;
    }

    /// <summary>Number of line ends in the first record, including its own; quoted names may contain some.</summary>
    public static int LinesOfFirstRecord(ReadOnlySpan<char> head, char delimiter)
    {
        var (mayQuote, isQuoted) = (true, false);
        for (var at = 0; at < head.Length; at++)
        {
            var c = head[at];
            if (!isQuoted && c is '\r' or '\n')
                return TextLines.Ends(head[..(c == '\r' && at + 1 < head.Length && head[at + 1] == '\n' ? at + 2 : at + 1)]);
            isQuoted = isQuoted ? c != '"' : c == '"' && mayQuote;
            mayQuote = isQuoted || c == '"' || c == delimiter;
        }

        return 0;
    }

    private static char Find(ReadOnlySpan<char> head, bool isWhole)
    {
        var best = (Delimiter: Candidates[0], Share: -1.0, Fields: 1);
        foreach (var candidate in Candidates)
        {
            var counts = Count(head, candidate, isWhole);
            if (counts.Count == 0 || counts[0] < 2) continue;
            var alike = counts.Count == 1 ? 1.0 : counts.Skip(1).Count(c => c == counts[0]) / (counts.Count - 1.0);
            if (alike > best.Share || (alike == best.Share && counts[0] > best.Fields)) best = (candidate, alike, counts[0]);
        }

        return best.Delimiter;
    }

    /// <summary>Field counts of the first records, without empty lines and without a record that is cut off.</summary>
    private static List<int> Count(ReadOnlySpan<char> head, char delimiter, bool isWhole)
    {
        var counts = new List<int>();
        var (fields, isEmpty, mayQuote, isQuoted) = (1, true, true, false);
        foreach (var c in head)
        {
            if (isQuoted)
            {
                isQuoted = c != '"';
                mayQuote = true;   // a doubled quote opens again at once
                continue;
            }

            if (c is '\r' or '\n')
            {
                if (!isEmpty) counts.Add(fields);
                if (counts.Count == LookedAt) return counts;
                (fields, isEmpty, mayQuote) = (1, true, true);
                continue;
            }

            isEmpty = false;
            isQuoted = c == '"' && mayQuote;
            mayQuote = c == delimiter;
            if (mayQuote) fields++;
        }

        if (isWhole && !isEmpty) counts.Add(fields);
        return counts;
    }
}
