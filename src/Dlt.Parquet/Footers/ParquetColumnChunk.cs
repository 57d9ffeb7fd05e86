using Dlt.Parquet.Pages;
using Dlt.Parquet.Thrift;

namespace Dlt.Parquet;

/// <summary>Metadata and statistics of one column in one row group (Parquet format, ColumnMetaData and Statistics).</summary>
public sealed class ParquetColumnChunk
{
    private const short MetadataField = 3;
    private const short OffsetIndexField = 4;
    private const short OffsetIndexBytesField = 5;
    private const short ColumnIndexField = 6;
    private const short ColumnIndexBytesField = 7;
    private const short EncodingsField = 2;
    private const short CodecField = 4;
    private const short ValuesField = 5;
    private const short UncompressedField = 6;
    private const short CompressedField = 7;
    private const short DataPageField = 9;
    private const short DictionaryPageField = 11;
    private const short StatisticsField = 12;
    private const short BloomOffsetField = 14;
    private const short BloomBytesField = 15;
    private const short NullsField = 3;
    private const short MaxField = 5;
    private const short MinField = 6;
    private const short IsMaxExactField = 7;
    private const short IsMinExactField = 8;

    private readonly ThriftStruct _metadata;

    private ParquetColumnChunk(ThriftStruct metadata) => _metadata = metadata;

    /// <summary>Position of the first page, in bytes from the beginning of the file.</summary>
    public long Start { get; private init; }

    /// <summary>Size of the pages and their headers in bytes.</summary>
    public long CompressedBytes { get; private init; }

    /// <summary>Size of the pages before compression and of their headers in bytes.</summary>
    public long UncompressedBytes { get; private init; }

    /// <summary>Number of values, including nulls. For lists and maps it differs from the number of rows.</summary>
    public long Values { get; private init; }

    /// <summary>Number of nulls; null when the footer does not state it.</summary>
    public long? NullCount { get; private init; }

    /// <summary>Smallest value, or a lower bound: PLAIN bytes, without the length of texts. Null when the footer has none.</summary>
    public byte[]? Min { get; private init; }

    /// <summary>Largest value, or an upper bound: PLAIN bytes, without the length of texts. Null when the footer has none.</summary>
    public byte[]? Max { get; private init; }

    /// <summary>False when the footer marks <see cref="Min"/> as a bound that may not be a value.</summary>
    public bool IsMinExact { get; private init; }

    /// <summary>False when the footer marks <see cref="Max"/> as a bound that may not be a value.</summary>
    public bool IsMaxExact { get; private init; }

    /// <summary>Number of the codec in the format.</summary>
    internal long Codec { get; private init; }

    /// <summary>Numbers of the encodings of pages and levels in the format.</summary>
    internal IReadOnlyList<long> Encodings { get; private init; } = [];

    /// <summary>Position of the dictionary page; null when there is none.</summary>
    internal long? DictionaryPageOffset { get; private init; }

    /// <summary>Positions of the chunk's page indexes; null when the file lacks one of them.</summary>
    internal PageIndexLocation? IndexLocation { get; private init; }

    /// <summary>
    /// Position of the column's Bloom filter, in bytes from the beginning of the file; null when the row group has none for the column.
    /// </summary>
    public long? BloomFilterOffset => _metadata.Long(BloomOffsetField);

    /// <summary>Size of the Bloom filter and its header in bytes; null when the footer does not state it.</summary>
    public int? BloomFilterBytes => (int?)_metadata.Long(BloomBytesField);

    internal void SetBloom(long offset, int bytes)
    {
        _metadata.Fields[BloomOffsetField] = new(ThriftType.I64, offset);
        _metadata.Fields[BloomBytesField] = new(ThriftType.I32, (long)bytes);
    }

    internal static ParquetColumnChunk Of(ThriftStruct chunk)
    {
        var metadata = chunk.Struct(MetadataField) ?? throw new FormatException("a column chunk has no metadata");
        var statistics = metadata.Struct(StatisticsField);
        var dataPage = metadata.RequiredLong(DataPageField);
        return new(metadata)
        {
            Start = metadata.Long(DictionaryPageField) is { } dictionary and > 0 ? Math.Min(dictionary, dataPage) : dataPage,
            DictionaryPageOffset = metadata.Long(DictionaryPageField) is { } page and > 0 ? page : null,
            IndexLocation = IndexOf(chunk),
            Codec = metadata.Long(CodecField) ?? -1,
            Encodings = (metadata[EncodingsField]?.Value as ThriftList)?.Items.ConvertAll(e => e.Value as long? ?? -1) ?? [],
            UncompressedBytes = metadata.Long(UncompressedField) ?? metadata.RequiredLong(CompressedField),
            CompressedBytes = metadata.RequiredLong(CompressedField),
            Values = metadata.RequiredLong(ValuesField),
            NullCount = statistics?.Long(NullsField),
            Min = statistics?.Bytes(MinField),
            Max = statistics?.Bytes(MaxField),
            IsMinExact = statistics?[IsMinExactField] is not { Bool: false },
            IsMaxExact = statistics?[IsMaxExactField] is not { Bool: false },
        };
    }

    private static PageIndexLocation? IndexOf(ThriftStruct chunk) =>
        chunk.Long(ColumnIndexField) is { } columnIndex && chunk.Long(OffsetIndexField) is { } offsetIndex
            && chunk.Long(ColumnIndexBytesField) is { } columnBytes and > 0 and <= int.MaxValue
            && chunk.Long(OffsetIndexBytesField) is { } offsetBytes and > 0 and <= int.MaxValue
                ? new(columnIndex, (int)columnBytes, offsetIndex, (int)offsetBytes) : null;
}
