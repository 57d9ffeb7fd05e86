using System.Collections.Immutable;
using System.Text;
using Dlt.Hashing;
using Dlt.Naming;

namespace Dlt;

/// <summary>Turns names found in data into identifiers (dlt documentation, Naming convention).</summary>
public abstract class NamingConvention
{
    /// <summary>Characters of the tag that marks a shortened identifier.</summary>
    internal const int TagLength = 6;

    private const string Module = "dlt.common.normalizers.naming.";

    /// <summary>A convention that shortens identifiers beyond <paramref name="maxLength"/> characters; null for no limit.</summary>
    protected NamingConvention(int? maxLength)
    {
        if (maxLength is <= 0) throw new ArgumentOutOfRangeException(nameof(maxLength), maxLength, "The maximum length of an "
            + "identifier is 1 or more.");
        MaxLength = maxLength;
    }

    /// <summary>The name that a schema stores under <c>normalizers.names</c>.</summary>
    public abstract string Name { get; }

    /// <summary>False when identifiers that differ only in case are the same.</summary>
    public abstract bool IsCaseSensitive { get; }

    /// <summary>What joins the parts of a path.</summary>
    public virtual string PathSeparator => "__";

    /// <summary>Longest identifier, null for no limit.</summary>
    public int? MaxLength { get; }

    /// <summary>The names of dlt's conventions.</summary>
    internal static ImmutableArray<string> Names { get; } = ["snake_case", "duck_case", "direct", "sql_cs_v1", "sql_ci_v1", "s3_tables"];

    /// <summary>True for a name that <see cref="Create"/> knows, with the module of Python or without.</summary>
    internal static bool IsKnown(string name) =>
        Names.Contains(name) || (name.StartsWith(Module, StringComparison.Ordinal) && IsKnown(name[Module.Length..].Split('.')[0]));

    /// <summary>The conventions of dlt by name.</summary>
    /// <exception cref="ArgumentException">The name is not known.</exception>
    public static NamingConvention Create(string name, int? maxLength = null) => name switch
    {
        "snake_case" => new SnakeCase(maxLength),
        "duck_case" => new DuckCase(maxLength),
        "direct" => new Direct(maxLength),
        "sql_cs_v1" => new SqlCaseSensitive(maxLength),
        "sql_ci_v1" => new SqlCaseInsensitive(maxLength),
        "s3_tables" => new S3Tables(maxLength),
        _ when name.StartsWith(Module, StringComparison.Ordinal) => Create(name[Module.Length..].Split('.')[0], maxLength),
        _ => throw new ArgumentException(
            $"The naming convention '{name}' is not known. Use one of {string.Join(", ", Names)}.", nameof(name)),
    };

    /// <summary>The identifier of one name.</summary>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    public string NormalizeIdentifier(string identifier)
    {
        var trimmed = Blank.Trim(identifier);
        if (trimmed.Length == 0) throw new ArgumentException("An identifier must not be empty or blank.", nameof(identifier));
        return Finish(Shorten(NormalizeTrimmed(trimmed), trimmed, MaxLength));
    }

    /// <summary>The identifier of a table name.</summary>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    public virtual string NormalizeTableIdentifier(string identifier) => NormalizeIdentifier(identifier);

    /// <summary>Splits at the separator, normalises each part, joins and shortens.</summary>
    public string NormalizePath(string path) => NormalizePath(path, NormalizeIdentifier);

    /// <summary>As <see cref="NormalizePath(string)"/> with table identifiers.</summary>
    public string NormalizeTablesPath(string path) => NormalizePath(path, NormalizeTableIdentifier);

    /// <summary>Joins parts that are not blank.</summary>
    public string MakePath(params IEnumerable<string> parts) => string.Join(PathSeparator, parts.Where(p => !Blank.IsBlank(p)));

    /// <summary>Splits a path and drops blank parts.</summary>
    public string[] BreakPath(string path) => [.. path.Split(PathSeparator).Where(p => !Blank.IsBlank(p))];

    /// <summary>Joins parts that are already identifiers and shortens the result, hashing the joined path.</summary>
    public string ShortenFragments(params IEnumerable<string> parts)
    {
        var path = MakePath(parts);
        return Shorten(path, path, MaxLength);
    }

    /// <summary>
    /// The identifier that dlt makes of a name of <see cref="LostNames"/>, which is not blank; null where the convention keeps such names.
    /// </summary>
    internal virtual string? FormerIdentifier(string identifier) => null;

    /// <summary>Makes an identifier of a trimmed, non-empty name, before shortening.</summary>
    protected abstract string NormalizeTrimmed(string identifier);

    /// <summary>A last step after shortening.</summary>
    protected virtual string Finish(string identifier) => identifier;

    /// <summary>Replaces the middle by a tag of the original when the identifier is too long (docs/spec/pipeline.md 5.3).</summary>
    internal static string Shorten(string normalized, string original, int? maxLength)
    {
        if (maxLength is not { } max || normalized.Length <= max) return normalized;
        var runes = normalized.EnumerateRunes().ToArray();   // lengths count code points, as Python does
        if (runes.Length <= max) return normalized;
        var rest = max - TagLength;
        var head = (rest + 1) / 2;
        var tail = rest / 2;
        return string.Concat(runes[..head]) + Tag(original) + string.Concat(runes[^tail..]);
    }

    /// <summary>Six lower-case characters that stand for a name.</summary>
    internal static string Tag(string identifier) =>
        DltHash.Shake(Encoding.UTF8.GetBytes(identifier), 4).Replace('/', 'a').Replace('+', 'b').ToLowerInvariant();

    private string NormalizePath(string path, Func<string, string> normalize)
    {
        var parts = BreakPath(path).Select(normalize);
        return Shorten(MakePath(parts), path, MaxLength);
    }
}
