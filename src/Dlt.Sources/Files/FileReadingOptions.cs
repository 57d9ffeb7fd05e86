using System.Text;
using Dlt.Files;

namespace Dlt;

/// <summary>Options for reading files; whatever is not set is detected from content and name.</summary>
public sealed record FileReadingOptions
{
    /// <summary>Format of all files; null to detect that of each file.</summary>
    public InputFormat? Format { get; init; }

    /// <summary>Options for CSV files. If set, a file that is neither Parquet nor Arrow is read as CSV.</summary>
    public CsvOptions? Csv { get; init; }

    /// <summary>Encoding of text without a byte order mark; null for UTF-8.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>
    /// Finds an encoding by its name in .NET, IANA or Python: <c>utf-16</c>, <c>latin-1</c>, <c>cp1252</c>, <c>shift_jis</c>.
    /// </summary>
    /// <returns>Null if no encoding has that name.</returns>
    public static Encoding? FindEncoding(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TextEncoding.Find(name);
    }
}
