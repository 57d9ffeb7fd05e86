using Dlt.Files;

namespace Dlt.Sources.Files.Formats;

/// <summary>Apache Parquet.</summary>
internal sealed class ParquetFormat : RowFormat
{
    public override string Name => "parquet";

    public override bool IsText => false;

    internal override string Title => "Parquet";

    internal override IReadOnlyList<string> Endings { get; } = ["parquet", "pq"];

    internal override string Method => nameof(FileResource.Parquet);

    internal override bool HasMagic(ReadOnlySpan<byte> head) => head.StartsWith("PAR1"u8);

    public override IAsyncEnumerable<object?> ReadAsync(
        InputFile file, FileReadingOptions options, ResourceContext context, CancellationToken cancellationToken) =>
        ParquetRows.ReadAsync(file, cancellationToken);
}
