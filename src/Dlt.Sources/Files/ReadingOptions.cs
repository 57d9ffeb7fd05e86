using System.Text;

namespace Dlt.Sources.Files;

/// <summary>What is said of files that are to be loaded; what is not said, their content and names tell.</summary>
internal sealed record ReadingOptions
{
    public static readonly ReadingOptions None = new();

    /// <summary>The format of all files.</summary>
    public InputFormat? Format { get; init; }

    /// <summary>How CSV is written; with it, a file that is neither Parquet nor Arrow is CSV.</summary>
    public CsvOptions? Csv { get; init; }

    /// <summary>The encoding of text without byte order mark.</summary>
    public Encoding? Encoding { get; init; }

    /// <summary>For messages; null in a program.</summary>
    public LoadingCommand? Command { get; init; }
}
