using Dlt.Internal;
using Dlt.Parquet.Metrics;

namespace Dlt.Parquet.Pages;

/// <summary>Metadata of one column in one row group. Offsets are relative to the row group until it is written to a file.</summary>
internal sealed record ColumnChunk
{
    public required ParquetColumn Column { get; init; }

    /// <summary>Encoding of the values in all data pages.</summary>
    public required int Encoding { get; init; }

    public required long Values { get; init; }

    public required long UncompressedBytes { get; init; }

    public required long CompressedBytes { get; init; }

    /// <summary>Data pages; one or more.</summary>
    public required IReadOnlyList<DataPage> Pages { get; init; }

    /// <summary>Offset of the dictionary page; null when there is none.</summary>
    public long? DictionaryPageOffset { get; init; }

    /// <summary>Offset of the row group in the file.</summary>
    public long RowGroupOffset { get; init; }

    /// <summary>Positions of the chunk's page indexes; null until they are written.</summary>
    public PageIndexLocation? IndexLocation { get; init; }

    /// <summary>Bloom filter of the values, until it is written; null when there is none.</summary>
    public ParquetBloomFilter? Bloom { get; init; }

    /// <summary>Offset and size of the Bloom filter in the file; null when there is none.</summary>
    public (long Offset, int Bytes)? BloomLocation { get; init; }

    public long DataPageOffset => RowGroupOffset + Pages[0].Offset;

    public long NullCount => Pages.Sum(p => (long)p.NullCount);

    /// <summary>Bounds of the chunk; null when a value is NaN, because readers that order NaN last would skip it by any bound.</summary>
    public ColumnBounds? Bounds =>
        Pages.Any(p => p.Bounds is { HasNaN: true }) ? null : BoundsOrder.Merge(Column, Pages.Select(p => p.Bounds));

    /// <summary>Returns the chunk for a row group that begins <paramref name="start"/> bytes later.</summary>
    public ColumnChunk MovedBy(long start) => this with
    {
        RowGroupOffset = RowGroupOffset + start,
        DictionaryPageOffset = DictionaryPageOffset + start,
    };
}

/// <summary>One row group of the footer: its column chunks by column key.</summary>
internal sealed record RowGroup(int Rows, Dictionary<string, ColumnChunk> Chunks);
