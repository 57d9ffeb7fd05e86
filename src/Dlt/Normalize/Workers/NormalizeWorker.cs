using Dlt.Json;
using Dlt.Normalize.Batches;
using Dlt.Normalize.Chunks;
using Dlt.Normalize.Rows;
using Dlt.Schemas;

namespace Dlt.Normalize.Workers;

/// <summary>One thread of a <see cref="WorkerPool"/>, with its own buffers and its own copy of the schema.</summary>
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

    /// <summary>The chunk at hand.</summary>
    public Chunk Chunk { get; } = new() { Job = null! };

    /// <summary>Items of the chunk.</summary>
    public long Items { get; private set; }

    /// <summary>Items of the chunk that became no row of its table.</summary>
    public long DroppedItems => _normalizer.DroppedItems;

    /// <summary>Rows of the chunk, parents before children.</summary>
    public IReadOnlyList<TableBuffer> Tables => _normalizer.Tables;

    /// <summary>Bytes of the rows in memory.</summary>
    public long RowBytes => Tables.Sum(t => t.Columns.Sum(c => c.Buffer.ByteSize));

    /// <summary>The schema as the chunks up to this one made it.</summary>
    public Schema Schema => _turn.Schema;

    /// <summary>Makes the rows of the next chunk and waits for its turn, which then is held until <see cref="Pass"/>.</summary>
    /// <returns>False when there is no chunk left.</returns>
    /// <exception cref="Exception">The chunk has an error, and no chunk before it has one.</exception>
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
            // Now all chunks before are done: nothing can go stale again.
            _normalizer.Reset();
            _normalizer.ForgetShapes();
            TryMakeRows();
        }

        return true;
    }

    /// <summary>Columns that saw a null since the last call.</summary>
    public IEnumerable<(string Table, string Column)> TakeNullColumns() => _normalizer.TakeNullColumns();

    /// <summary>Values of the chunk that were rounded.</summary>
    public RoundedValues Rounded => _normalizer.Rounded;

    /// <summary>Lets the next chunk have its turn.</summary>
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
            // With the schema of all chunks before, the row may be right, or another error come first.
            var isSure = _turn.IsHeld;
            _turn.TryTake();
            if (!isSure) return false;
            RefuseUnreadable(error);
            throw;
        }
    }

    /// <summary>
    /// Takes the chunk's file out of the package if its content cannot be read, and says in the error what state that leaves. Returns for
    /// all other errors, and for those that say their state already.
    /// </summary>
    private void RefuseUnreadable(Exception error)
    {
        if (error is not (JsonFormatException or UnreadableFileException or UnloadableItemException)) return;
        var refused = DropReference()
            ? WithState(error, "Nothing of the file was loaded.", "Correct it, then run again.")
            : WithState(error, "Nothing of the package was loaded.");
        if (refused is not null) throw refused;
    }

    /// <summary>
    /// Deletes the job of a file that lies elsewhere: its owner still has every row. Without the job the rest of the package can be loaded,
    /// and the mended file be extracted again.
    /// </summary>
    /// <returns>False for a job that holds its rows itself; it stays.</returns>
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
