using Apache.Arrow;
using Apache.Arrow.Ipc;
using Apache.Arrow.Types;
using Dlt.Packages;

namespace Dlt.Extract;

/// <summary>
/// Writes the extracted batches of one table to a job file: a sequence of Arrow IPC streams, with a new stream whenever the columns change.
/// </summary>
internal sealed class BatchSegmentWriter : IDisposable
{
    private const int MaxRows = 1 << 16;
    private const long MaxBytes = 4 << 20;

    private readonly JobFileStream _file;
    private ArrowStreamWriter? _stream;
    private string _columns = "";

    public BatchSegmentWriter(string path, OpenFiles openFiles) => _file = new(path, FileMode.CreateNew, openFiles);

    /// <summary>Number of bytes written so far.</summary>
    public long Bytes => _file.Position;

    /// <summary>
    /// Writes a batch in slices of at most 4 MiB and 65,536 rows, so that normalization uses little memory for batches of any size.
    /// </summary>
    public void Write(RecordBatch batch)
    {
        var columns = Signature(batch);
        if (_stream is null || columns != _columns)
        {
            End();
            _stream = new ArrowStreamWriter(_file, batch.Schema, leaveOpen: true);
            _columns = columns;
        }

        var rows = (int)Math.Clamp(MaxBytes / Math.Max(1, SizeOf(batch) / Math.Max(1, batch.Length)), 1, MaxRows);
        for (var from = 0; from < batch.Length; from += rows)
            _stream.WriteRecordBatch(rows >= batch.Length ? batch : batch.Slice(from, Math.Min(rows, batch.Length - from)));
        if (batch.Schema.FieldsList.Any(f => HasDictionary(f.DataType))) End();   // a stream has only one dictionary per column
    }

    public void Dispose()
    {
        End();
        _file.Dispose();
    }

    private void End()
    {
        if (_stream is null) return;
        _stream.WriteEnd();
        _stream.Dispose();
        _stream = null;
    }

    private static string Signature(RecordBatch batch) =>
        Signature(batch.Schema.Metadata) + string.Join('\n', batch.Schema.FieldsList.Select(Signature));

    private static string Signature(Field field)
    {
        var type = field.DataType.Name + Details(field.DataType) + (field.IsNullable ? "" : " not null");
        return $"{field.Name}\t{type}{Signature(field.Metadata)}";
    }

    /// <summary>
    /// Formats metadata for the comparison: it applies to a whole stream (<see cref="Batches.Decimals.DecimalMetadata"/>).
    /// </summary>
    private static string Signature(IReadOnlyDictionary<string, string>? metadata) =>
        metadata is null ? "" : string.Concat(metadata.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => $"\t{m.Key}={m.Value}"));

    private static string Details(IArrowType type) => type switch
    {
        TimestampType timestamp => $"({timestamp.Unit}, {timestamp.Timezone})",
        TimeBasedType time => $"({time.Unit})",
        Decimal32Type decimals => $"({decimals.Precision}, {decimals.Scale})",
        Decimal64Type decimals => $"({decimals.Precision}, {decimals.Scale})",
        Decimal128Type decimals => $"({decimals.Precision}, {decimals.Scale})",
        Decimal256Type decimals => $"({decimals.Precision}, {decimals.Scale})",
        FixedSizeBinaryType bytes => $"({bytes.ByteWidth})",
        DictionaryType dictionary => $"({dictionary.ValueType.Name}{Details(dictionary.ValueType)})",
        NestedType nested => $"({string.Join(", ", nested.Fields.Select(Signature))})",
        _ => "",
    };

    private static bool HasDictionary(IArrowType type) =>
        type is DictionaryType || (type is NestedType nested && nested.Fields.Any(f => HasDictionary(f.DataType)));

    private static long SizeOf(RecordBatch batch) => batch.Arrays.Sum(a => SizeOf(a.Data));

    private static long SizeOf(ArrayData data) => data.Buffers.Sum(b => (long)b.Length) + (data.Children?.Sum(SizeOf) ?? 0);
}
