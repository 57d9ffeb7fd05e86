namespace Dlt.Parquet.Pages;

/// <summary>What the footer says of one column in one row group.</summary>
internal sealed record ColumnChunk
{
    public required ParquetColumn Column { get; init; }

    public required int[] Encodings { get; init; }

    public required long Values { get; init; }

    public required long NullCount { get; init; }

    public required long UncompressedBytes { get; init; }

    public required long CompressedBytes { get; init; }

    public required long DataPageOffset { get; init; }

    public long? DictionaryPageOffset { get; init; }

    public ColumnBounds? Bounds { get; init; }

    /// <summary>The chunk when its row group begins <paramref name="start"/> bytes further on.</summary>
    public ColumnChunk MovedBy(long start) => this with { DataPageOffset = DataPageOffset + start, DictionaryPageOffset = DictionaryPageOffset + start };
}

/// <summary>Smallest and largest value in PLAIN encoding; bounds of long texts are shortened and then not exact.</summary>
internal sealed record ColumnBounds(byte[] Min, byte[] Max, bool IsMinExact = true, bool IsMaxExact = true);

/// <summary>One row group of the footer: chunks by column name.</summary>
internal sealed record RowGroup(int Rows, Dictionary<string, ColumnChunk> Chunks);
