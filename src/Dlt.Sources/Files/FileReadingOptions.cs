using System.Text;
using Dlt.Sources.Files;

namespace Dlt;

/// <summary>What is said of files that are to be loaded; what is not said, their content and names tell.</summary>
public sealed record FileReadingOptions
{
    /// <summary>The format of all files; null for that of each.</summary>
    public InputFormat? Format { get; init; }

    /// <summary>How CSV is written; with it, a file that is neither Parquet nor Arrow is CSV.</summary>
    public CsvOptions? Csv { get; init; }

    /// <summary>The encoding of text without byte order mark; null for UTF-8.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>An encoding by a name of .NET, IANA or Python: <c>utf-16</c>, <c>latin-1</c>, <c>cp1252</c>, <c>shift_jis</c>.</summary>
    /// <returns>Null when no encoding has that name.</returns>
    public static Encoding? FindEncoding(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return TextEncoding.Find(name);
    }
}
