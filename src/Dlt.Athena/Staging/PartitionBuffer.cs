using System.Runtime.CompilerServices;
using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace Dlt.Destinations.Staging;

/// <summary>
/// Rows of partitions that wait to be written, partition after partition. Rows beyond a limit wait in a temporary file, so one file of
/// Parquet is open at a time, however many partitions there are and in whichever order their rows come.
/// </summary>
/// <param name="folder">Folder of the temporary file.</param>
internal sealed class PartitionBuffer(string folder) : IDisposable
{
    /// <summary>Bytes of rows in memory.</summary>
    private const long MaxBytes = 64 << 20;

    /// <summary>Rows that are written at once.</summary>
    private const int WrittenRows = 1 << 16;

    private readonly string _path = Path.Combine(folder, $"dlt-{Guid.NewGuid():N}.arrow");
    private readonly Dictionary<string, List<RecordBatch>> _held = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<int>> _spilled = new(StringComparer.Ordinal);
    private long _bytes;
    private int _batches;
    private FileStream? _file;
    private ArrowFileWriter? _writer;
    private ArrowFileReader? _reader;

    /// <summary>Adds rows of a partition, and takes the batch over.</summary>
    public async Task AddAsync(string partition, RecordBatch rows, CancellationToken cancellationToken)
    {
        if (!_held.TryGetValue(partition, out var held)) _held[partition] = held = [];
        held.Add(rows);
        _bytes += RowGather.SizeOf(rows);
        if (_bytes > MaxBytes) await SpillAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the rows of a partition, in the order in which they came. Nothing can be added afterwards.</summary>
    public async IAsyncEnumerable<RecordBatch> ReadAsync(
        string partition, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var parts = new List<RecordBatch>();
        try
        {
            foreach (var index in _spilled.GetValueOrDefault(partition, []))
            {
                parts.Add(await ReadAsync(index, cancellationToken).ConfigureAwait(false));
                if (parts.Sum(p => p.Length) < WrittenRows) continue;
                using var full = Joined(parts);
                yield return full;
            }

            if (_held.Remove(partition, out var held)) parts.AddRange(held);
            if (parts.Count == 0) yield break;
            using var last = Joined(parts);
            yield return last;
        }
        finally
        {
            parts.ForEach(p => p.Dispose());
        }
    }

    /// <summary>Deletes the temporary file and frees the rows that were not read.</summary>
    public void Dispose()
    {
        foreach (var rows in _held.Values.SelectMany(p => p)) rows.Dispose();
        _held.Clear();
        _reader?.Dispose();
        _writer?.Dispose();
        _file?.Dispose();
        File.Delete(_path);
    }

    private async Task SpillAsync(CancellationToken cancellationToken)
    {
        foreach (var (partition, parts) in _held)
        {
            if (parts.Count == 0) continue;
            using var rows = Joined(parts);
            if (_writer is null)
            {
                Directory.CreateDirectory(folder);
                _file = new(_path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 1 << 16);
                _writer = new(_file, rows.Schema, leaveOpen: true);
            }

            await _writer.WriteRecordBatchAsync(rows, cancellationToken).ConfigureAwait(false);
            if (!_spilled.TryGetValue(partition, out var spilled)) _spilled[partition] = spilled = [];
            spilled.Add(_batches++);
        }

        _bytes = 0;
    }

    private async Task<RecordBatch> ReadAsync(int index, CancellationToken cancellationToken)
    {
        if (_reader is null)
        {
            await _writer!.WriteEndAsync(cancellationToken).ConfigureAwait(false);
            _file!.Position = 0;
            _reader = new(_file, leaveOpen: true);
        }

        return await _reader.ReadRecordBatchAsync(index, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes one batch of several, which it frees and takes out of their list.</summary>
    private static RecordBatch Joined(List<RecordBatch> parts)
    {
        if (parts is [var only])
        {
            parts.Clear();
            return only;
        }

        var columns = Enumerable.Range(0, parts[0].ColumnCount)
            .Select(c => ArrowArrayConcatenator.Concatenate([.. parts.Select(p => p.Column(c))]));
        var joined = new RecordBatch(parts[0].Schema, [.. columns], parts.Sum(p => p.Length));
        parts.ForEach(p => p.Dispose());
        parts.Clear();
        return joined;
    }
}
