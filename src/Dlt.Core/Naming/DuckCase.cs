using System.Text.RegularExpressions;

namespace Dlt.Naming;

/// <summary>The convention <c>duck_case</c>: keeps all characters except line ends and double quotes.</summary>
internal sealed partial class DuckCase(int? maxLength) : NamingConvention(maxLength)
{
    public override string Name => "duck_case";

    public override bool IsCaseSensitive => true;

    protected override string NormalizeTrimmed(string identifier) => Underscores().Replace(Refused().Replace(identifier, "_"), "_");

    [GeneratedRegex("[\n\r\"]")]
    private static partial Regex Refused();

    [GeneratedRegex("__+")]
    private static partial Regex Underscores();
}
