using System.Text;

namespace Dlt;

/// <summary>Options for reading CSV files.</summary>
public sealed record CsvOptions
{
    /// <summary>Character between fields; null to detect it from the first records, or from Excel's line <c>sep=;</c>.</summary>
    public char? Delimiter { get; init; }

    /// <summary>Encoding of a file without a byte order mark, which takes precedence; null for UTF-8.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>True if the first record has the names of the columns; false to name them <c>column_1</c>, <c>column_2</c>, ….</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>
    /// True to give each column the narrowest type that its first 10,000 fields have; false to read every column as text.
    /// </summary>
    public bool InferTypes { get; init; } = true;

    /// <summary>
    /// Lines that begin with this character are comments and are skipped; null for none, because RFC 4180 has no comments.
    /// </summary>
    public char? Comment { get; init; }
}
