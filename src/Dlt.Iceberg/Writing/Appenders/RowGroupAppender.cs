using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>Writes a file of an <see cref="IRowFileFactory"/>. Rows stay in memory until a row group is complete.</summary>
/// <param name="factory">Creates the file for the first row group.</param>
/// <param name="path">Path of the local file.</param>
/// <param name="schema">Columns of any type.</param>
/// <param name="options">Codec, encodings and page sizes.</param>
/// <param name="rowGroupBytes">Number of bytes at which a row group ends.</param>
/// <param name="blooms">Bloom filters of the file.</param>
internal sealed class RowGroupAppender(
    IRowFileFactory factory, string path, Schema schema, ParquetWriterOptions options, long rowGroupBytes, RowBlooms blooms) : IRowAppender
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
        if (blooms.HasAny) blooms.Add(_waiting);
        _waiting.Clear();
    }

    public void Complete()
    {
        Flush();
        _file!.Complete();
        _file.Dispose();
        _file = null;
        UuidAnnotation.Apply(path, schema);
        blooms.Save(path);
    }

    public void Dispose() => _file?.Dispose();
}
