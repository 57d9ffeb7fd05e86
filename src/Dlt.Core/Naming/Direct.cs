using System.Text.RegularExpressions;

namespace Dlt.Naming;

/// <summary>The convention <c>direct</c>: keeps names unchanged, with <c>▶</c> between the parts of a path.</summary>
internal sealed partial class Direct(int? maxLength) : NamingConvention(maxLength)
{
    public override string Name => "direct";

    public override bool IsCaseSensitive => true;

    public override string PathSeparator => "▶";

    protected override string NormalizeTrimmed(string identifier) => Refused().Replace(identifier, "_");

    [GeneratedRegex("[\n\r'\"▶]")]
    private static partial Regex Refused();
}
