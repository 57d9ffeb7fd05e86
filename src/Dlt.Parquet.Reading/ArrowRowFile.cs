using Apache.Arrow;
using Dlt.Iceberg;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace Dlt.Parquet.Reading;

/// <summary>Writes a Parquet file of rows of any type with the Arrow library.</summary>
internal sealed class ArrowRowFile : IRowFile
{
    private readonly Dlt.Iceberg.Schema _schema;
    private readonly Apache.Arrow.Schema _arrow;
    private readonly FileStream _stream;
    private readonly FileWriter _writer;
    private readonly WriterProperties _properties;
    private readonly ArrowWriterProperties _arrowProperties;

    public ArrowRowFile(
        string path, Dlt.Iceberg.Schema schema, ParquetWriterOptions options,
        IReadOnlyList<KeyValuePair<string, string>> keyValueMetadata)
    {
        _schema = schema;
        _arrow = new Apache.Arrow.Schema(ArrowColumns.SchemaOf(schema).FieldsList, keyValueMetadata);
        var compression = options.Codec switch
        {
            ParquetCodec.Uncompressed => Compression.Uncompressed,
            ParquetCodec.Snappy => Compression.Snappy,
            ParquetCodec.Gzip => Compression.Gzip,
            ParquetCodec.Brotli => Compression.Brotli,
            ParquetCodec.Lz4Raw => Compression.Lz4,
            _ => Compression.Zstd,
        };
        using var builder = new WriterPropertiesBuilder().Compression(compression);
        builder.EnableStoreDecimalAsInteger();
        builder.EnableWritePageIndex();
        builder.DictionaryPagesizeLimit(options.DictionaryBytes);
        if (options.Codec == ParquetCodec.Zstd) builder.CompressionLevel(options.ZstdLevel);
        _properties = builder.Build();
        using var arrowBuilder = new ArrowWriterPropertiesBuilder();
        _arrowProperties = arrowBuilder.Build();
        _stream = new FileStream(path, FileMode.Create, FileAccess.Write);
        _writer = new FileWriter(_stream, _arrow, _properties, _arrowProperties);
    }

    public long Length => _stream.Position;

    public void WriteRowGroup(IReadOnlyList<object?[]> rows)
    {
        var columns = _schema.Fields.Select((f, i) => ArrowColumns.Build(f.Type, [.. rows.Select(r => r[i])]));
        using var batch = new RecordBatch(_arrow, columns, rows.Count);
        _writer.WriteRecordBatch(batch);
    }

    public void Complete() => _writer.Close();

    public void Dispose()
    {
        _writer.Dispose();
        _stream.Dispose();
        _properties.Dispose();
        _arrowProperties.Dispose();
    }
}
