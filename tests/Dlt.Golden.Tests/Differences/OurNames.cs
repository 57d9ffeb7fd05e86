using System.Globalization;
using System.Text;
using AnyAscii;
using Dlt.Naming;

namespace Dlt.Golden.Differences;

/// <summary>
/// Names of keys that lose every letter and digit, worked out by AnyAscii and by the rules that dlt has for other names. Those are taken
/// from the naming convention, which cases of their own compare with dlt.
/// </summary>
internal sealed class OurNames(string convention, int? maxLength, bool breaksPaths = true)
{
    private const string Separator = "__";
    private const int MaxOfS3Tables = 255;

    private readonly NamingConvention _naming = NamingConvention.Create(convention, maxLength);

    /// <summary>Names that <c>direct</c> and <c>duck_case</c> keep are not changed.</summary>
    public bool IsOfConvention { get; } = convention is not ("direct" or "duck_case");

    public NamingConvention Naming => _naming;

    /// <summary>Neither an ASCII letter nor a decimal digit of any script is in the name, and it is not blank.</summary>
    public static bool IsLost(string name) => !Blank.IsBlank(name) && !name.EnumerateRunes().Any(IsKept);

    /// <summary>The name, or a part of it between double underscores, is lost.</summary>
    public static bool HasLost(string name) => IsLost(name) || name.Split(Separator).Any(IsLost);

    /// <exception cref="ArgumentException">The name is blank.</exception>
    public string Identifier(string name, bool isTable = false)
    {
        if (!IsOfConvention || !IsLost(name)) return isTable ? _naming.NormalizeTableIdentifier(name) : _naming.NormalizeIdentifier(name);
        var trimmed = Blank.Trim(name);
        var ascii = trimmed.Transliterate();
        var start = 0;
        while (start < ascii.Length && !char.IsAsciiLetterOrDigit(ascii[start])) start++;
        var end = ascii.Length;
        while (end > start && !char.IsAsciiLetterOrDigit(ascii[end - 1])) end--;
        var replaced = start < end ? ascii[start..end] : "x_" + NamingConvention.Tag(trimmed);
        var isSql = convention is "sql_cs_v1" or "sql_ci_v1";
        var whole = NamingConvention.Create(isSql ? "sql_cs_v1" : "snake_case").NormalizeIdentifier(replaced);
        var identifier = NamingConvention.Shorten(whole, trimmed, Max);
        if (convention == "sql_ci_v1") return identifier.ToLowerInvariant();
        return isTable && convention == "s3_tables" ? identifier.TrimStart('_') : identifier;
    }

    public string Path(string path, bool isTable = false)
    {
        var parts = path.Split(_naming.PathSeparator).Where(p => !Blank.IsBlank(p)).Select(p => Identifier(p, isTable));
        return NamingConvention.Shorten(string.Join(_naming.PathSeparator, parts), path, Max);
    }

    /// <summary>Our name for the key of an item.</summary>
    public string Key(string key, bool isTable = false)
    {
        if (Blank.IsBlank(key)) return "_empty";
        return breaksPaths && Path(key, isTable) is { Length: > 0 } path ? path : Identifier(key, isTable);
    }

    /// <summary>The name in dlt for the key of an item.</summary>
    public string KeyOfDlt(string key)
    {
        if (Blank.IsBlank(key)) return "_empty";
        if (!IsOfConvention || !HasLost(key)) return Key(key);
        if (!breaksPaths) return Former(key);
        var path = string.Join(Separator, key.Split(Separator).Where(p => !Blank.IsBlank(p)).Select(Former));
        return NamingConvention.Shorten(path, key, Max);
    }

    private int? Max => convention == "s3_tables" ? maxLength ?? MaxOfS3Tables : maxLength;

    private string Former(string name) => IsLost(name) ? _naming.FormerIdentifier(name)! : _naming.NormalizeIdentifier(name);

    private static bool IsKept(Rune rune) => rune.IsAscii ? Rune.IsLetterOrDigit(rune)
        : Rune.GetUnicodeCategory(rune) == UnicodeCategory.DecimalDigitNumber;
}
