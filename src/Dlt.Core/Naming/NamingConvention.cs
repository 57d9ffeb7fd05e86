using System.Collections.Immutable;
using System.Text;
using Dlt.Hashing;
using Dlt.Naming;

namespace Dlt;

/// <summary>Converts names in data to identifiers (dlt documentation, Naming convention).</summary>
public abstract class NamingConvention
{
    /// <summary>Length of the tag in a shortened identifier, in characters.</summary>
    internal const int TagLength = 6;

    private const string Module = "dlt.common.normalizers.naming.";

    /// <summary>Creates a convention that shortens identifiers to <paramref name="maxLength"/> characters; null for no limit.</summary>
    protected NamingConvention(int? maxLength)
    {
        if (maxLength is <= 0)
            throw new ArgumentOutOfRangeException(nameof(maxLength), maxLength, "The maximum length of an identifier is 1 or more.");
        MaxLength = maxLength;
    }

    /// <summary>Name of the convention in a schema (<c>normalizers.names</c>).</summary>
    public abstract string Name { get; }

    /// <summary>False when identifiers that differ only in case are the same.</summary>
    public abstract bool IsCaseSensitive { get; }

    /// <summary>Separator between the parts of a path.</summary>
    public virtual string PathSeparator => "__";

    /// <summary>Maximum length of an identifier in characters; null for no limit.</summary>
    public int? MaxLength { get; }

    /// <summary>Names of dlt's conventions.</summary>
    internal static ImmutableArray<string> Names { get; } = ["snake_case", "duck_case", "direct", "sql_cs_v1", "sql_ci_v1", "s3_tables"];

    /// <summary>Returns true for a name that <see cref="Create"/> accepts, with or without its Python module.</summary>
    internal static bool IsKnown(string name) =>
        Names.Contains(name) || (name.StartsWith(Module, StringComparison.Ordinal) && IsKnown(name[Module.Length..].Split('.')[0]));

    /// <summary>Creates one of dlt's conventions.</summary>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
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
            $"The naming convention '{name}' is unknown. Use one of {string.Join(", ", Names)}.", nameof(name)),
    };

    /// <summary>Converts a name to an identifier.</summary>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    public string NormalizeIdentifier(string identifier)
    {
        var trimmed = Blank.Trim(identifier);
        if (trimmed.Length == 0) throw new ArgumentException("An identifier must not be empty or blank.", nameof(identifier));
        return Finish(Shorten(NormalizeTrimmed(trimmed), trimmed, MaxLength));
    }

    /// <summary>Converts a table name to an identifier.</summary>
    /// <exception cref="ArgumentException">The name is blank.</exception>
    public virtual string NormalizeTableIdentifier(string identifier) => NormalizeIdentifier(identifier);

    /// <summary>Splits a path at the separator, normalizes each part, joins the parts and shortens the result.</summary>
    public string NormalizePath(string path) => NormalizePath(path, NormalizeIdentifier);

    /// <summary>Normalizes a path as <see cref="NormalizePath(string)"/> does, with table identifiers.</summary>
    public string NormalizeTablesPath(string path) => NormalizePath(path, NormalizeTableIdentifier);

    /// <summary>Joins the parts that are not blank.</summary>
    public string MakePath(params IEnumerable<string> parts) => string.Join(PathSeparator, parts.Where(p => !Blank.IsBlank(p)));

    /// <summary>Splits a path into its parts, without blank ones.</summary>
    public string[] BreakPath(string path) => [.. path.Split(PathSeparator).Where(p => !Blank.IsBlank(p))];

    /// <summary>Joins identifiers and shortens the result with a tag of the joined path.</summary>
    public string ShortenFragments(params IEnumerable<string> parts)
    {
        var path = MakePath(parts);
        return Shorten(path, path, MaxLength);
    }

    /// <summary>
    /// Returns the identifier that Python dlt creates for a non-blank name of <see cref="NamesWithoutLetters"/>; null when the convention
    /// keeps such names.
    /// </summary>
    internal virtual string? FormerIdentifier(string identifier) => null;

    /// <summary>Converts a trimmed, non-empty name to an identifier, before shortening.</summary>
    protected abstract string NormalizeTrimmed(string identifier);

    /// <summary>Changes an identifier after shortening. The default returns it unchanged.</summary>
    protected virtual string Finish(string identifier) => identifier;

    /// <summary>Replaces the middle of an identifier that is too long by a tag of the original name (docs/spec/pipeline.md 5.3).</summary>
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

    /// <summary>Returns six lower-case characters that identify a name.</summary>
    internal static string Tag(string identifier) =>
        DltHash.Shake(Encoding.UTF8.GetBytes(identifier), 4).Replace('/', 'a').Replace('+', 'b').ToLowerInvariant();

    private string NormalizePath(string path, Func<string, string> normalize)
    {
        var parts = BreakPath(path).Select(normalize);
        return Shorten(MakePath(parts), path, MaxLength);
    }
}
