using System.Text;

namespace Dlt;

/// <summary>How a CSV file is written.</summary>
public sealed record CsvOptions
{
    /// <summary>The character between fields; null to find out from the first records, or from Excel's line <c>sep=;</c>.</summary>
    public char? Delimiter { get; init; }

    /// <summary>The encoding of a file without byte order mark, which wins; null for UTF-8.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>False: the columns are named <c>column_1</c>, <c>column_2</c>, ….</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>False: every column is text.</summary>
    public bool InfersTypes { get; init; } = true;

    /// <summary>Lines that begin with this character are comments and left out; null for none, as RFC 4180 has no comments.</summary>
    public char? Comment { get; init; }
}
