using System.Text.RegularExpressions;

namespace Dlt.Naming;

/// <summary>The convention <c>sql_cs_v1</c>: SQL-safe names that keep their case.</summary>
internal partial class SqlCaseSensitive(int? maxLength) : NamingConvention(maxLength)
{
    public override string Name => "sql_cs_v1";

    public override bool IsCaseSensitive => true;

    protected override string NormalizeTrimmed(string identifier) => SafeName(NamesWithoutLetters.Replace(identifier));

    internal override string? FormerIdentifier(string identifier) =>
        Finish(Shorten(SafeName(Blank.Trim(identifier)), Blank.Trim(identifier), MaxLength));

    private static string SafeName(string identifier)
    {
        var text = SqlSafe.PrefixDigit(SqlSafe.ReplaceOthers(identifier));
        if (text != "_") text = text.TrimEnd('_');
        return Underscores().Replace(text, "_");
    }

    [GeneratedRegex("__+")]
    private static partial Regex Underscores();
}
