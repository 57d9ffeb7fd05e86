using System.ComponentModel;

namespace Dlt.Internal;

/// <summary>Finds the known name that is most similar to a misspelt name, for messages.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class NearestName
{
    /// <summary>Returns the most similar name at any distance.</summary>
    internal static string Of(string name, IEnumerable<string> known) => known.MinBy(k => Distance(name, k))!;

    /// <summary>
    /// Returns the most similar name. Null when it differs in more than a third of its letters (inserted, removed or replaced) and in
    /// more than one letter.
    /// </summary>
    /// <param name="name">The misspelt name.</param>
    /// <param name="known">Names to choose from. The first of two equally similar names is returned.</param>
    public static string? Near(string name, IEnumerable<string> known) =>
        known.Where(k => Distance(name, k) <= Math.Max(1, Math.Max(name.Length, k.Length) / 3)).MinBy(k => Distance(name, k));

    /// <summary>Returns " The nearest one is 'x'." for the end of a message; empty when no name is similar.</summary>
    internal static string Hint(string name, IEnumerable<string> known) =>
        Near(name, known) is { } nearest ? $" The nearest one is '{nearest}'." : "";

    /// <summary>Returns the number of letters to insert, remove or replace.</summary>
    internal static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j] + 1, row[j - 1] + 1), diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[^1];
    }
}
