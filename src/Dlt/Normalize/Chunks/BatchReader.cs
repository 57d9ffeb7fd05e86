using Apache.Arrow;
using Apache.Arrow.Ipc;

namespace Dlt.Normalize.Chunks;

/// <summary>Reads the batches of an extracted file, which is a sequence of Arrow IPC streams.</summary>
internal sealed class BatchReader(Stream file) : IDisposable
{
    private ArrowStreamReader? _stream;

    /// <summary>Reads the next batch, which the caller disposes; null at the end.</summary>
    public RecordBatch? Read()
    {
        while (true)
        {
            if (_stream is null)
            {
                if (file.Position == file.Length) return null;
                _stream = new ArrowStreamReader(file, leaveOpen: true);
            }

            if (_stream.ReadNextRecordBatch() is { } batch) return batch;
            _stream.Dispose();
            _stream = null;
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        file.Dispose();
    }
}
