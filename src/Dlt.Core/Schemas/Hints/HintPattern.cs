using System.Text.RegularExpressions;
using Dlt.Naming;

namespace Dlt.Schemas;

/// <summary>A plain column name, or <c>re:</c> and a regular expression (docs/spec/pipeline.md 4.5).</summary>
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

    /// <summary>The pattern with its name, or the literal between <c>^</c> and <c>$</c>, passed through the naming convention.</summary>
    public static string Normalize(string pattern, NamingConvention naming)
    {
        if (!pattern.StartsWith(RegexPrefix, StringComparison.Ordinal)) return NormalizeName(pattern, naming);
        var regex = pattern[RegexPrefix.Length..];
        if (!regex.StartsWith('^') || !regex.EndsWith('$') || regex.Length < 3) return pattern;
        var literal = regex[1..^1];
        return IsPlain(literal) ? $"{RegexPrefix}^{naming.NormalizePath(literal)}$" : pattern;
    }

    /// <summary>The <c>re:</c> form by which two patterns are compared.</summary>
    public static string Canonical(string pattern) =>
        pattern.StartsWith(RegexPrefix, StringComparison.Ordinal) ? pattern : $"{RegexPrefix}^{pattern}$";

    /// <summary>The regular expression that a pattern stands for.</summary>
    public static string Compiled(string pattern) =>
        pattern.StartsWith(RegexPrefix, StringComparison.Ordinal) ? pattern[RegexPrefix.Length..] : $"^{Regex.Escape(pattern)}$";

    private static string NormalizeName(string name, NamingConvention naming) =>
        IsPlain(name) && name.Length > 0 ? naming.NormalizePath(name) : name;

    /// <summary>True when Python's <c>re.escape</c> would leave the text as it is: dlt decides by it whether a pattern is a name.</summary>
    private static bool IsPlain(string text) => !text.AsSpan().ContainsAny(Special);
}
