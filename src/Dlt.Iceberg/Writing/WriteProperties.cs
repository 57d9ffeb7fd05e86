using System.Collections.Immutable;
using System.Globalization;
using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>Reads the write settings in a table's properties (docs/spec/iceberg.md 2.5).</summary>
internal static class WriteProperties
{
    /// <summary>
    /// A property of this library: <c>true</c> enables delta encodings, which older engines do not read (docs/iceberg.md).
    /// </summary>
    public const string DeltaEncodings = "write.parquet.delta-encodings";

    /// <summary>Name of the property with the codec of Parquet files.</summary>
    public const string Codec = "write.parquet.compression-codec";

    /// <summary>Reads the Parquet options of a table.</summary>
    /// <exception cref="IcebergException">The codec is not supported.</exception>
    public static ParquetWriterOptions Of(TableMetadata metadata)
    {
        var options = new ParquetWriterOptions();
        var codec = metadata.Properties.GetValueOrDefault(Codec)?.ToLowerInvariant() switch
        {
            null or "zstd" => ParquetCodec.Zstd,
            "snappy" => ParquetCodec.Snappy,
            "gzip" => ParquetCodec.Gzip,
            "brotli" => ParquetCodec.Brotli,
            "lz4" or "lz4_raw" => ParquetCodec.Lz4Raw,
            "uncompressed" or "none" => ParquetCodec.Uncompressed,
            var other => throw new IcebergException(IcebergError.Unsupported,
                $"The table's property {Codec} is '{other}', which is not supported. Nothing was written. Set the "
                    + "property to zstd, snappy, gzip, lz4, brotli or uncompressed."),
        };
        return options with
        {
            Codec = codec,
            ZstdLevel = codec == ParquetCodec.Zstd && Number(metadata, "write.parquet.compression-level") is { } level and >= 1 and <= 22
                ? (int)level : options.ZstdLevel,
            PageSizeBytes = Number(metadata, "write.parquet.page-size-bytes") is { } page and >= 4096 and <= 64 << 20
                ? (int)page : options.PageSizeBytes,
            PageRows = Number(metadata, "write.parquet.page-row-limit") is { } rows and > 0 and <= int.MaxValue
                ? (int)rows : options.PageRows,
            DictionaryBytes = Number(metadata, "write.parquet.dict-size-bytes") is { } entries and > 0 and <= 64 << 20
                ? (int)entries : options.DictionaryBytes,
            BloomFilters = BloomFiltersOf(metadata),
            DeltaEncodings = bool.TryParse(metadata.Properties.GetValueOrDefault(DeltaEncodings), out var delta) && delta,
        };
    }

    /// <summary>Number of bytes of rows at which a row group ends.</summary>
    public static long RowGroupBytesOf(TableMetadata metadata) =>
        Number(metadata, "write.parquet.row-group-size-bytes") is { } bytes and > 0 ? bytes : long.MaxValue;

    /// <summary>Bloom filters by the full names of their columns.</summary>
    private static ImmutableDictionary<string, BloomFilterOptions> BloomFiltersOf(TableMetadata metadata)
    {
        var filters = new ParquetWriterOptions().BloomFilters;
        foreach (var (id, options) in BloomFilterConfig.Of(metadata))
            filters = filters.SetItem(metadata.CurrentSchema.NameOf(id)!, options);
        return filters;
    }

    private static long? Number(TableMetadata metadata, string name) =>
        long.TryParse(metadata.Properties.GetValueOrDefault(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : null;
}
