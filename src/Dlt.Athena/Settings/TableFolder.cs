namespace Dlt.Destinations.Settings;

/// <summary>The name of a table in keys and locations. Parts between slashes that a path would change are escaped.</summary>
/// <remarks>
/// S3 refuses a key with more <c>..</c> than preceding parts, and Athena drops empty parts of a location, so it would not find the rows.
/// Such names come from keys of the data, under the naming conventions <c>direct</c> and <c>duck_case</c>. <c>.</c> and <c>..</c> are
/// written <c>%2E</c> and <c>%2E%2E</c>, an empty part <c>%2F</c>. A name that itself contains one of these texts gets <c>%25</c> in place
/// of its <c>%</c>, so two names never have the same folder.
/// </remarks>
internal static class TableFolder
{
    private const string Dot = "%2E";
    private const string Dots = "%2E%2E";
    private const string Nothing = "%2F";

    /// <summary>The folder name of a table.</summary>
    public static string Of(string table) => IsPlain(table) ? table : string.Join('/', table.Split('/').Select(Part));

    private static bool IsPlain(string table) => !table.AsSpan().ContainsAny('/', '%') && table is not ("" or "." or "..");

    private static string Part(string part) => part switch
    {
        "" => Nothing,
        "." => Dot,
        ".." => Dots,
        _ when IsEscaped(part) => part.Replace("%", "%25", StringComparison.Ordinal),
        _ => part,
    };

    /// <summary>True for a text that <see cref="Part"/> makes of another name, at any depth of escaping.</summary>
    private static bool IsEscaped(string part) =>
        part.Replace("%25", "%", StringComparison.Ordinal) is var once && once != part ? IsEscaped(once) : part is Dot or Dots or Nothing;
}
