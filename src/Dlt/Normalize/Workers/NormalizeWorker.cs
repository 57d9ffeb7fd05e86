using Dlt.Files;
using Dlt.Normalize.Batches;
using Dlt.Normalize.Chunks;
using Dlt.Normalize.Rows;
using Dlt.Schemas;

namespace Dlt.Normalize.Workers;

/// <summary>A worker thread of a <see cref="WorkerPool"/>, with its own buffers and its own copy of the schema.</summary>
internal sealed class NormalizeWorker : IDisposable
{
    private readonly SchemaTurn _turn;
    private readonly ItemNormalizer _normalizer;

    public NormalizeWorker(
        SharedSchema shared, DestinationCapabilities capabilities, string loadId, IRowIdSource ids, TimeProvider time,
        SchemaUpdates updates, bool keepRejects, ArrowKeys arrowKeys, CancellationToken cancellationToken)
    {
        _turn = new SchemaTurn(shared);
        _normalizer = new ItemNormalizer(_turn.Schema, capabilities, loadId, ids, time, _turn, updates, cancellationToken)
        {
            KeepRejects = keepRejects,
            ArrowKeys = arrowKeys,
        };
    }

    /// <summary>The current chunk.</summary>
    public Chunk Chunk { get; } = new() { Job = null! };

    /// <summary>Number of items in the chunk.</summary>
    public long Items { get; private set; }

    /// <summary>Number of items in the chunk that did not become a row of its table.</summary>
    public long DroppedItems => _normalizer.DroppedItems;

    /// <summary>Rows of the chunk that a contract dropped, by table.</summary>
    public IEnumerable<KeyValuePair<string, long>> DiscardedRows => _normalizer.DiscardedRows;

    /// <summary>Rows of the chunk, parents before children.</summary>
    public IReadOnlyList<TableBuffer> Tables => _normalizer.Tables;

    /// <summary>Bytes of the rows of the chunk in memory.</summary>
    public long RowBytes => Tables.Sum(t => t.Columns.Sum(c => c.Buffer.ByteSize));

    /// <summary>The schema with the changes of all chunks up to this one.</summary>
    public Schema Schema => _turn.Schema;

    /// <summary>Makes the rows of the next chunk and waits for its turn, which the worker holds until <see cref="Pass"/>.</summary>
    /// <returns>False when no chunk is left.</returns>
    /// <exception cref="Exception">The chunk has an error, and no earlier chunk has one.</exception>
    public bool TryNormalize(ChunkReader chunks)
    {
        try
        {
            if (!chunks.TryRead(Chunk)) return false;
        }
        catch (Exception error)
        {
            _turn.Begin(Chunk.Number);
            _turn.TryTake();
            RefuseUnreadable(error);
            throw;
        }

        if (!_turn.Begin(Chunk.Number)) _normalizer.ForgetShapes();
        if (!TryMakeRows())
        {
            // All earlier chunks are done now, so the shapes cannot become stale again.
            _normalizer.Reset();
            _normalizer.ForgetShapes();
            TryMakeRows();
        }

        return true;
    }

    /// <summary>Returns the columns that received a null since the last call.</summary>
    public IEnumerable<(string Table, string Column)> TakeNullColumns() => _normalizer.TakeNullColumns();

    /// <summary>Values of the chunk that were rounded.</summary>
    public RoundedValues Rounded => _normalizer.Rounded;

    /// <summary>Gives the turn to the next chunk.</summary>
    public void Pass() => _turn.Pass();

    public void Dispose()
    {
        Chunk.Batch = null;
        Chunk.Release();
        foreach (var table in Tables) table.Release();
    }

    private bool TryMakeRows()
    {
        try
        {
            _normalizer.BeginChunk();
            Items = ChunkItems.AddTo(_normalizer, Chunk);
            _normalizer.Seal();
            return _turn.TryTake();
        }
        catch (StaleShapesException)
        {
            return false;
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // With the schema of all earlier chunks the row may be valid, or another error may come first.
            var isSure = _turn.IsHeld;
            _turn.TryTake();
            if (!isSure) return false;
            RefuseUnreadable(error);
            throw;
        }
    }

    /// <summary>
    /// Removes the chunk's file from the package if its content cannot be read, and throws the error with the state that is left. Returns
    /// for all other errors, and for errors that already state it.
    /// </summary>
    private void RefuseUnreadable(Exception error)
    {
        if (error is not (JsonFormatException or UnreadableFileException or UnloadableItemException)) return;
        var refused = DropReference()
            ? WithState(error, "Nothing of the file was loaded.", "Correct it, then run again.")
            : WithState(error, UnloadedPackage.State);
        if (refused is not null) throw refused;
    }

    /// <summary>
    /// Deletes the job of an external file, which still has every row. The rest of the package can then be loaded, and the corrected file
    /// can be extracted again.
    /// </summary>
    /// <returns>False for a job that holds its rows; it stays.</returns>
    private bool DropReference()
    {
        if (Chunk.Job.Reference is null) return false;
        File.Delete(Chunk.Job.JobFile);
        return true;
    }

    private static DltException? WithState(Exception error, string state, string? advice = null) => error switch
    {
        JsonFormatException format => format.WithState(state, advice),
        UnloadableItemException item => item.WithState(state, advice),
        _ => null,
    };
}
