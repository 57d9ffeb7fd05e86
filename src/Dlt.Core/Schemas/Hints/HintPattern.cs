using System.Text.RegularExpressions;

namespace Dlt.Schemas;

/// <summary>Matches column names by a plain name, or by <c>re:</c> and a regular expression (docs/spec/pipeline.md 4.5).</summary>
internal sealed class HintPattern
{
    private static readonly System.Buffers.SearchValues<char> Special =
        System.Buffers.SearchValues.Create("()[]{}?*+-|^$\\.&~# \t\n\r\v\f");

    private const string RegexPrefix = "re:";

    private readonly string? _name;
    private readonly Regex? _regex;

    public HintPattern(string pattern)
    {
        if (!pattern.StartsWith(RegexPrefix, StringComparison.Ordinal))
        {
            _name = pattern;
            return;
        }

        try
        {
            _regex = new Regex(pattern[RegexPrefix.Length..], RegexOptions.CultureInvariant);
        }
        catch (ArgumentException error)
        {
            throw new SchemaException($"The pattern '{pattern}' is not a regular expression: {error.Message}", error);
        }
    }

    public bool Matches(string name) => _regex?.IsMatch(name) ?? _name == name;

    /// <summary>
    /// Applies the naming convention to the name in a pattern: a plain name, or the literal between <c>^</c> and <c>$</c>.
    /// </summary>
    public static string Normalize(string pattern, NamingConvention naming)
    {
        if (!pattern.StartsWith(RegexPrefix, StringComparison.Ordinal)) return NormalizeName(pattern, naming);
        var regex = pattern[RegexPrefix.Length..];
        if (!regex.StartsWith('^') || !regex.EndsWith('$') || regex.Length < 3) return pattern;
        var literal = regex[1..^1];
        return IsPlain(literal) ? $"{RegexPrefix}^{naming.NormalizePath(literal)}$" : pattern;
    }

    /// <summary>Returns the pattern in <c>re:</c> form, for comparisons.</summary>
    public static string Canonical(string pattern) =>
        pattern.StartsWith(RegexPrefix, StringComparison.Ordinal) ? pattern : $"{RegexPrefix}^{pattern}$";

    /// <summary>Returns the regular expression of a pattern.</summary>
    public static string Compiled(string pattern) =>
        pattern.StartsWith(RegexPrefix, StringComparison.Ordinal) ? pattern[RegexPrefix.Length..] : $"^{Regex.Escape(pattern)}$";

    private static string NormalizeName(string name, NamingConvention naming) =>
        IsPlain(name) && name.Length > 0 ? naming.NormalizePath(name) : name;

    /// <summary>
    /// Returns true when Python's <c>re.escape</c> would not change the text; dlt uses this to distinguish names from expressions.
    /// </summary>
    private static bool IsPlain(string text) => !text.AsSpan().ContainsAny(Special);
}
