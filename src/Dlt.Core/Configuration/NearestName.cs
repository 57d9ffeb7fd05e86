namespace Dlt.Configuration;

/// <summary>Finds the known name that a misspelt name is nearest to, for messages.</summary>
public static class NearestName
{
    /// <summary>Returns the nearest name at any distance.</summary>
    internal static string Of(string name, IEnumerable<string> known) => known.MinBy(k => Distance(name, k))!;

    /// <summary>
    /// Returns the nearest name that differs in at most a third of its letters (inserted, removed or replaced), and in one letter at
    /// least; null when none is that near.
    /// </summary>
    /// <param name="name">The misspelt name.</param>
    /// <param name="known">The names to choose from; of two that are as near, the first one wins.</param>
    public static string? Near(string name, IEnumerable<string> known) =>
        known.Where(k => Distance(name, k) <= Math.Max(1, Math.Max(name.Length, k.Length) / 3)).MinBy(k => Distance(name, k));

    /// <summary>Returns the end of a message, " The nearest one is 'x'."; empty when none is near.</summary>
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
