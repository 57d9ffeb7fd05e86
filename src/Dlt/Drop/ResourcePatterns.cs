using System.Text.RegularExpressions;
using Dlt.Internal;

namespace Dlt.Drop;

/// <summary>Names of resources, and regular expressions after <c>re:</c>, which must match a whole name.</summary>
internal sealed class ResourcePatterns
{
    private const string Prefix = "re:";

    private readonly List<(string Text, Func<string, bool> Matches)> _patterns;

    /// <exception cref="DltException">A regular expression is malformed.</exception>
    public ResourcePatterns(IEnumerable<string> patterns) => _patterns = [.. patterns.Select(p => (p, Parse(p)))];

    public bool Match(string resource) => _patterns.Exists(p => p.Matches(resource));

    /// <summary>Returns the patterns that match none of the names.</summary>
    public IEnumerable<string> WithoutMatch(IReadOnlyCollection<string> resources) =>
        _patterns.Where(p => !resources.Any(p.Matches)).Select(p => p.Text);

    private static Func<string, bool> Parse(string pattern)
    {
        if (!pattern.StartsWith(Prefix, StringComparison.Ordinal)) return name => name == pattern;
        try
        {
            var form = new Regex($"^(?:{pattern[Prefix.Length..]})$", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
            return form.IsMatch;
        }
        catch (ArgumentException error)
        {
            throw new DltException($"'{pattern}' is not a regular expression: {Failure.Sentence(error)} Nothing was dropped.", error);
        }
    }
}
