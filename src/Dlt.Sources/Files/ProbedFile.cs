namespace Dlt.Sources.Files;

/// <summary>A file whose format is known.</summary>
/// <param name="File">The file, with its encoding if that is not UTF-8.</param>
/// <param name="Format">Its format.</param>
/// <param name="IsCompressed">True when it is gzip or zstd around that format.</param>
internal sealed record ProbedFile(InputFile File, InputFormat Format, bool IsCompressed)
{
    /// <summary>True when the file must be unpacked before it is read: Parquet and Arrow are read from their ends.</summary>
    public bool MustBeUnpacked => IsCompressed && (Format is InputFormat.Parquet or InputFormat.Arrow);
}
