using System.Text;
using System.Text.RegularExpressions;

namespace Dlt.Naming;

/// <summary>The default convention <c>snake_case</c>: lower case, with words joined by <c>_</c> (docs/spec/pipeline.md 5.2).</summary>
internal partial class SnakeCase(int? maxLength) : NamingConvention(maxLength)
{
    public override string Name => "snake_case";

    public override bool IsCaseSensitive => false;

    protected override string NormalizeTrimmed(string identifier) => SnakeCaseOf(NamesWithoutLetters.Replace(identifier));

    internal override string? FormerIdentifier(string identifier) =>
        Finish(Shorten(SnakeCaseOf(Blank.Trim(identifier)), Blank.Trim(identifier), MaxLength));

    private static string SnakeCaseOf(string identifier)
    {
        var text = new StringBuilder(identifier)
            .Replace('+', 'x').Replace('-', '_').Replace('*', 'x').Replace('@', 'a').Replace('|', 'l').ToString();
        text = SqlSafe.ReplaceOthers(text);
        text = CapitalizedWord().Replace(text, "$1_$2");
        text = LowerThenUpper().Replace(text, "$1_$2").ToLowerInvariant();
        text = SqlSafe.PrefixDigit(text);
        var stripped = text.TrimEnd('_');
        text = stripped + new string('x', text.Length - stripped.Length);
        return Underscores().Replace(text, "_");
    }

    [GeneratedRegex("([^_])([A-Z][a-z]+)")]
    private static partial Regex CapitalizedWord();

    [GeneratedRegex("([a-z0-9])([A-Z])")]
    private static partial Regex LowerThenUpper();

    [GeneratedRegex("__+")]
    private static partial Regex Underscores();
}
