using Dlt.Files;

namespace Dlt.Sources.Files;

/// <summary>A file with its detected format.</summary>
/// <param name="File">The file, with its encoding if that is not UTF-8.</param>
/// <param name="Format">Its format.</param>
/// <param name="IsCompressed">True if the file is compressed with gzip or zstd as a whole.</param>
internal sealed record ProbedFile(InputFile File, InputFormat Format, bool IsCompressed)
{
    /// <summary>True if the file must be unpacked first, because files of its format are not read from their beginning.</summary>
    public bool MustBeUnpacked => IsCompressed && !Format.ReadsCompressed;
}
