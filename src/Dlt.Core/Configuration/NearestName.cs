namespace Dlt.Configuration;

/// <summary>Which known name a misspelt one is nearest to.</summary>
internal static class NearestName
{
    /// <summary>The nearest name, whatever its distance.</summary>
    public static string Of(string name, IEnumerable<string> known) => known.MinBy(k => Distance(name, k))!;

    /// <summary>The nearest name of which at most a third is different; null where none is that near.</summary>
    public static string? Near(string name, IEnumerable<string> known) =>
        known.Where(k => Distance(name, k) <= Math.Max(1, Math.Max(name.Length, k.Length) / 3)).MinBy(k => Distance(name, k));

    /// <summary>As the end of a message: " The nearest one is 'x'."; empty where none is near.</summary>
    public static string Hint(string name, IEnumerable<string> known) =>
        Near(name, known) is { } nearest ? $" The nearest one is '{nearest}'." : "";

    /// <summary>Letters that must be put in, left out or exchanged.</summary>
    public static int Distance(string a, string b)
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
