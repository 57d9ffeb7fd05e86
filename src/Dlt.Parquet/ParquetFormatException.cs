using System.Globalization;

namespace Dlt.Parquet;

/// <summary>Thrown when a file is not a Parquet file, or its footer is damaged.</summary>
public sealed class ParquetFormatException : FormatException
{
    internal ParquetFormatException(string file, string problem, long? offset = null, Exception? inner = null)
        : base($"{file}{Place(offset)}: {problem}. The file was not changed. Write it again, or restore it.", inner)
    {
        File = file;
        Problem = problem;
        Offset = offset;
    }

    /// <summary>Path of the file.</summary>
    public string File { get; }

    /// <summary>Description of the problem, without a full stop.</summary>
    public string Problem { get; }

    /// <summary>Position of the problem, in bytes from the beginning of the file; null when unknown.</summary>
    public long? Offset { get; }

    private static string Place(long? offset) =>
        offset is { } at ? string.Create(CultureInfo.InvariantCulture, $", byte {at}") : "";
}
