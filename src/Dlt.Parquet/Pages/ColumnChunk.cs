using Dlt.Parquet.Metrics;

namespace Dlt.Parquet.Pages;

/// <summary>
/// What the footer says of one column in one row group. Offsets count from the beginning of the row group until it is in a file.
/// </summary>
internal sealed record ColumnChunk
{
    public required ParquetColumn Column { get; init; }

    /// <summary>Encoding of the values of all data pages.</summary>
    public required int Encoding { get; init; }

    public required long Values { get; init; }

    public required long UncompressedBytes { get; init; }

    public required long CompressedBytes { get; init; }

    /// <summary>The data pages; one or more.</summary>
    public required IReadOnlyList<DataPage> Pages { get; init; }

    /// <summary>Where the dictionary page is; null without one.</summary>
    public long? DictionaryPageOffset { get; init; }

    /// <summary>Where the row group begins in the file.</summary>
    public long RowGroupOffset { get; init; }

    /// <summary>Where the chunk's parts of the page index are; null until they are written.</summary>
    public PageIndexLocation? IndexLocation { get; init; }

    public long DataPageOffset => RowGroupOffset + Pages[0].Offset;

    public long NullCount => Pages.Sum(p => (long)p.NullCount);

    /// <summary>Null where NaN is among the values: readers that count it as the greatest would skip it by any bound.</summary>
    public ColumnBounds? Bounds =>
        Pages.Any(p => p.Bounds is { HasNaN: true }) ? null : BoundsOrder.Merge(Column, Pages.Select(p => p.Bounds));

    /// <summary>The chunk when its row group begins <paramref name="start"/> bytes further on.</summary>
    public ColumnChunk MovedBy(long start) => this with
    {
        RowGroupOffset = RowGroupOffset + start,
        DictionaryPageOffset = DictionaryPageOffset + start,
    };
}

/// <summary>One row group of the footer: chunks by column name.</summary>
internal sealed record RowGroup(int Rows, Dictionary<string, ColumnChunk> Chunks);
