using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Dlt.Normalize.Batches;
using Dlt.Normalize.Changes;
using Dlt.Normalize.Chunks;
using Dlt.Normalize.Files;
using Dlt.Normalize.Rows;
using Dlt.Parquet;
using Dlt.Schemas;

namespace Dlt.Normalize.Workers;

/// <summary>
/// Normalises the jobs of a package on several threads (<see cref="NormalizeWorker"/>). Each worker reads a chunk, makes its rows, adds
/// them to the row groups in the order of the data, and encodes the full row groups. The result does not depend on the number of threads.
/// </summary>
internal sealed class WorkerPool(
    Schema schema, DestinationCapabilities capabilities, string loadId, TimeProvider time, PackageFiles files,
    ParquetWriterOptions options, CancellationToken cancellationToken)
{
    private readonly SharedSchema _shared = new(schema);
    private readonly Dictionary<string, long> _itemsOfJobs = new(StringComparer.Ordinal);
    private readonly Lock _failureLock = new();
    private ExceptionDispatchInfo? _failure;

    /// <summary>Called after every chunk with its table, the number of items and their bytes, 0 when not known.</summary>
    public required Action<string, long, long> ChunkDone { get; init; }

    /// <summary>Creates the source of root row ids for one worker.</summary>
    public required Func<IRowIdSource> NewRowIds { get; init; }

    /// <summary>True: items that cannot become rows go to <c>_dlt_rejected</c> instead of ending the run.</summary>
    public bool KeepRejects { get; init; }

    /// <summary>Key columns that are added to rows of Arrow tables.</summary>
    public ArrowKeys ArrowKeys { get; init; } = new(false, false);

    /// <summary>Tables and columns that the package has added.</summary>
    public SchemaUpdates Updates { get; } = new();

    /// <summary>Tables that have only jobs without items.</summary>
    public SortedSet<string> EmptiedTables { get; } = new(StringComparer.Ordinal);

    /// <summary>Counts of items and rows.</summary>
    public RowTally Tally { get; } = new();

    /// <summary>Columns that received a null.</summary>
    public NullColumns NullColumns { get; } = new();

    /// <summary>Counts of variants, rounded values and rejects for the load info.</summary>
    public ChangeTally Changes { get; } = ChangeTally.Of(schema);

    /// <summary>Normalises all chunks.</summary>
    /// <exception cref="Exception">The first error in the order of the data.</exception>
    public void Run(ChunkReader chunks, int workers)
    {
        OnAll(workers, () => Work(chunks));
        var rest = new ConcurrentQueue<RowGroupJob>(files.TakeRest(schema));
        OnAll(Math.Min(workers, rest.Count), () => WriteRest(rest));
    }

    /// <summary>Runs an action on this thread and on further ones.</summary>
    private void OnAll(int threads, Action action)
    {
        var further = Enumerable.Range(1, Math.Max(0, threads - 1))
            .Select(_ => Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default))
            .ToArray();
        action();
        Task.WaitAll(further, CancellationToken.None);
        _failure?.Throw();
        cancellationToken.ThrowIfCancellationRequested();
    }

    private void WriteRest(ConcurrentQueue<RowGroupJob> rest)
    {
        try
        {
            using var encoder = new RowGroupEncoder(options);
            while (!cancellationToken.IsCancellationRequested && rest.TryDequeue(out var job)) files.Write(job, encoder);
        }
        catch (OperationCanceledException) when (_failure is not null)
        {
            // Another worker has recorded the error.
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    private void Fail(Exception error)
    {
        lock (_failureLock) _failure ??= ExceptionDispatchInfo.Capture(error);
        _shared.Turns.Stop();
        files.Stop();
    }

    private void Work(ChunkReader chunks)
    {
        try
        {
            using var worker = new NormalizeWorker(
                _shared, capabilities, loadId, NewRowIds(), time, Updates, KeepRejects, ArrowKeys, cancellationToken);
            using var encoder = new RowGroupEncoder(options);
            while (!cancellationToken.IsCancellationRequested && worker.TryNormalize(chunks))
            {
                chunks.Adapt(worker.Chunk, worker.RowBytes);
                Tally.Add(worker.Chunk.Job, worker.Items, worker.DroppedItems, worker.Tables);
                Changes.Add(worker.Tables, worker.Rounded);
                Changes.AddDiscarded(worker.DiscardedRows);
                var full = files.Add(worker.Tables, worker.Schema);
                Count(worker);
                worker.Pass();
                foreach (var job in full) files.Write(job, encoder);
            }
        }
        catch (OperationCanceledException) when (_failure is not null)
        {
            // Another worker has the error.
        }
        catch (Exception error)
        {
            Fail(error);
        }
    }

    /// <summary>Counts the current chunk. It runs in the turn of the chunk.</summary>
    private void Count(NormalizeWorker worker)
    {
        var job = worker.Chunk.Job;
        var items = _itemsOfJobs.GetValueOrDefault(job.JobFile) + worker.Items;
        _itemsOfJobs[job.JobFile] = items;
        if (worker.Chunk.IsLast && items == 0) EmptiedTables.Add(job.Table);
        NullColumns.Add(worker.TakeNullColumns());
        ChunkDone(job.Table, worker.Items, worker.Chunk.Length);
    }
}
