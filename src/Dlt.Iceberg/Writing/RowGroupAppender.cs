using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>Fills a file of an <see cref="IRowFileFactory"/>: rows wait until they are a row group.</summary>
/// <param name="factory">Makes the file when the first row group is there.</param>
/// <param name="path">Where the file is written.</param>
/// <param name="schema">Columns of any type.</param>
/// <param name="options">Codec, encodings, sizes of pages.</param>
/// <param name="rowGroupBytes">Bytes of rows at which a row group ends.</param>
internal sealed class RowGroupAppender(
    IRowFileFactory factory, string path, Schema schema, ParquetWriterOptions options, long rowGroupBytes) : IRowAppender
{
    private readonly List<object?[]> _waiting = [];
    private IRowFile? _file;

    public long WrittenBytes => _file?.Length ?? 0;

    public long WaitingBytes { get; private set; }

    public bool CanFlush => true;

    public void Add(object?[] row)
    {
        _waiting.Add(row);
        WaitingBytes += row.Sum(RowGroupLimit.SizeOf);
        if (_waiting.Count >= RowGroupLimit.Rows || WaitingBytes >= rowGroupBytes) Flush();
    }

    public void Flush()
    {
        if (_waiting.Count == 0) return;
        WaitingBytes = 0;
        _file ??= factory.Create(path, schema, options, [ParquetFile.SchemaKeyValue(schema)]);
        _file.WriteRowGroup(_waiting);
        _waiting.Clear();
    }

    public void Complete()
    {
        Flush();
        _file!.Complete();
        _file.Dispose();
        _file = null;
        UuidAnnotation.Apply(path, schema);
    }

    public void Dispose() => _file?.Dispose();
}
