using System.Buffers;

namespace Dlt.Aws;

/// <summary>The calls that find tables by name: <c>GetTables</c> with an <c>Expression</c> (docs/spec/aws-apis.md 3.5).</summary>
/// <param name="Names">All names.</param>
/// <param name="Expressions">Patterns of names that are joined by <c>|</c>. Glue may also return tables of other names.</param>
/// <param name="Single">Names that are asked for one by one, because a pattern would give their characters a meaning.</param>
internal sealed record TableNameSearch(IReadOnlySet<string> Names, IReadOnlyList<string> Expressions, IReadOnlyList<string> Single)
{
    /// <summary>Longest <c>Expression</c> that Glue takes, in characters (AWS Glue API, GetTables).</summary>
    public const int MaxLength = 2048;

    /// <summary>Longest <c>Expression</c> that Athena takes, in characters (Amazon Athena API, ListTableMetadata).</summary>
    public const int MaxLengthOfAthena = 256;

    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789_");

    /// <summary>Divides names, in lower case, into calls.</summary>
    /// <param name="names">The names.</param>
    /// <param name="maxLength">Longest pattern that the service takes, in characters.</param>
    public static TableNameSearch Of(IEnumerable<string> names, int maxLength = MaxLength)
    {
        var all = names.ToHashSet(StringComparer.Ordinal);
        var expressions = new List<string>();
        var single = new List<string>();
        foreach (var name in all.Order(StringComparer.Ordinal))
        {
            if (name.Length == 0 || name.Length > maxLength || name.AsSpan().ContainsAnyExcept(Plain)) single.Add(name);
            else if (expressions.Count > 0 && expressions[^1].Length + 1 + name.Length <= maxLength) expressions[^1] += "|" + name;
            else expressions.Add(name);
        }

        return new(all, expressions, single);
    }
}
