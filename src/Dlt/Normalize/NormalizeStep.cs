using Dlt.Diagnostics;
using Dlt.Internal;
using Dlt.Items;
using Dlt.Normalize.Changes;
using Dlt.Normalize.Chunks;
using Dlt.Normalize.Files;
using Dlt.Normalize.Rows;
using Dlt.Normalize.Workers;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Normalize;

/// <summary>Turns extracted packages into packages of Parquet jobs (docs/spec/pipeline.md 2.4).</summary>
internal sealed class NormalizeStep(PipelineContext pipeline)
{
    private const int DefaultMaxWorkers = 4;   // each needs about 40 MiB
    private const int MaxWorkers = 64;

    /// <summary>Replaces random ids in tests. One worker then takes them in order.</summary>
    public IRowIdSource? RowIds { get; init; }

    /// <summary>Normalises all extracted packages, ordered by load id.</summary>
    public List<NormalizeInfo> Run(CancellationToken cancellationToken)
    {
        var infos = new List<NormalizeInfo>();
        foreach (var package in WorkingFolder.Packages(pipeline.Folder.Extracted))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (NormalizePackage(package, cancellationToken) is { } info) infos.Add(info);
        }

        return infos;
    }

    private NormalizeInfo? NormalizePackage(LoadPackage extracted, CancellationToken cancellationToken)
    {
        var target = Path.Combine(pipeline.Folder.Normalized, extracted.LoadId);
        if (Directory.Exists(target))
        {
            pipeline.Folder.Remove(extracted);   // a crash between the rename and this deletion
            return null;
        }

        var jobs = extracted.Jobs(PackageFolders.NewJobs);
        var state = extracted.LoadState();
        if (jobs.Count == 0 && !RefreshedTables.AreIn(state))
        {
            pipeline.Folder.Remove(extracted);
            return null;
        }

        var started = pipeline.Time.GetUtcNow();
        var max = pipeline.Capabilities.MaxIdentifierLength;
        var ofPackage = extracted.LoadSchema(max);
        var schema = pipeline.Schemas.Load(ofPackage.Name, max) ?? ofPackage;
        pipeline.Observer.PackageBegan(StepNames.Normalize, schema.Name, extracted.LoadId);
        try
        {
            var leftover = Path.Combine(pipeline.Folder.LoadNew, extracted.LoadId);
            if (Directory.Exists(leftover)) Directory.Delete(leftover, recursive: true);
            var package = LoadPackage.Create(pipeline.Folder.LoadNew, extracted.LoadId);
            CopyRestore(extracted, package);

            var (rows, workers) = WriteJobs(jobs, schema, package, RowCounts.ReadExtracted(extracted), cancellationToken);
            Finish(schema, rows);
            if (RunKey.Read(extracted) == pipeline.RunKey)
                RejectLimit.Check(rows.GetValueOrDefault(RejectedItem.Table), pipeline.MaxRejects);
            var changes = ChangesOf(extracted, ofPackage, schema, workers, rows) with { Skipped = PackageChanges.Read(extracted).Skipped };
            new ChangeWarnings(pipeline.Warn).Write(changes);

            pipeline.Schemas.Save(schema);
            package.SaveSchema(schema);
            package.SaveState(state);
            RowCounts.Write(package, rows);
            RunKey.Copy(extracted, package);
            PackageLocation.Copy(extracted, package);
            OnlyCopy.Copy(extracted, package);
            StateMove.Copy(extracted, package);
            RowCounts.WriteExtracted(package, RowCounts.ReadExtracted(extracted));
            PackageChanges.Write(package, changes);
            package.Write(package.PathOf(PackageFolders.SchemaUpdates), JsonText.WriteUtf8(workers.Updates.ToJson(schema)));
            package.MoveTo(pipeline.Folder.Normalized);
            pipeline.Folder.Remove(extracted);
            return new(extracted.LoadId, rows, started, pipeline.Time.GetUtcNow());
        }
        finally
        {
            pipeline.Observer.PackageEnded();
        }
    }

    private static void CopyRestore(LoadPackage from, LoadPackage to)
    {
        var source = from.PathOf(PackageFolders.Restore);
        if (!Directory.Exists(source)) return;
        foreach (var file in Directory.GetFiles(source, "*", SearchOption.AllDirectories))
        {
            var target = to.PathOf(PackageFolders.Restore, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
    }

    /// <returns>Number of rows by table, 0 for tables with only empty jobs; and the workers with their counts.</returns>
    private (SortedDictionary<string, long> Rows, WorkerPool Workers) WriteJobs(
        IReadOnlyList<string> jobs, Schema schema, LoadPackage package, IReadOnlyDictionary<string, long> extracted,
        CancellationToken cancellationToken)
    {
        var options = pipeline.Settings.Files;
        PropagationRules.NormalizeNames(schema);
        using var chunks = pipeline.PageLimit is { } pages
            ? new ChunkReader(jobs, schema, ChunkReader.PageBytes) { MaxChunksOfFile = pages }
            : new ChunkReader(jobs, schema);
        using var files = new PackageFiles(package, pipeline.Capabilities, options);
        void Handled(string table, long items, long bytes) => pipeline.Observer.RowsHandled(StepNames.Normalize, table, items, bytes);
        var progress = new NormalizeProgress(Handled, pipeline.Observer.Advanced, jobs, schema, extracted);
        var workers = new WorkerPool(
            schema, pipeline.Capabilities, package.LoadId, pipeline.Time, files, options.Parquet, cancellationToken)
        {
            KeepRejects = pipeline.KeepRejects,
            ArrowKeys = new(pipeline.AddLoadId, pipeline.AddRowId),
            NewRowIds = () => RowIds ?? new RandomRowIds(),
            ChunkDone = progress.Add,
        };
        if (pipeline.AddRowId) AddRowIds(jobs, schema, workers.Updates);
        workers.Run(chunks, RowIds is null ? Workers() : 1);
        foreach (var table in workers.EmptiedTables)
            if (schema.TryGetTable(table, out var known) && known.CompleteColumns.Any())
                files.EnsureFile(known.HasSeenData ? known : WithKeys(known, schema, workers.Updates), schema);
        files.Close();
        workers.Tally.Check(package.LoadId, extracted, files);

        var rows = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach (var (table, count) in files.Rows) rows[table] = count;
        foreach (var table in workers.EmptiedTables) rows.TryAdd(table, 0);
        return (rows, workers);
    }

    /// <summary>Adds the key columns to a table that was never loaded and receives no rows now.</summary>
    private TableSchema WithKeys(TableSchema table, Schema schema, SchemaUpdates updates)
    {
        var keys = new[] { SystemTables.LoadId, SystemTables.RowId }.Select(schema.Naming.NormalizeIdentifier)
            .Select(k => schema.Inference.Column(k, DataType.Text, isVariant: false));
        var partial = table.WithColumns(keys.Where(k => !table.TryGetColumn(k.Name, out _)));
        updates.Add(partial, isNewTable: false);
        schema.Set(schema.UpdateTable(partial, pipeline.Capabilities).WithSeenData());
        return schema.Table(table.Name);
    }

    /// <summary>
    /// Adds the column of row ids to tables with Arrow data. It counts as an update in every package (docs/spec/pipeline.md 7.5).
    /// </summary>
    private void AddRowIds(IReadOnlyList<string> jobs, Schema schema, SchemaUpdates updates)
    {
        var rowId = SystemTables.ArrowRowId(schema.Naming);
        foreach (var job in jobs.Select(j => JobFileName.Parse(Path.GetFileName(j))).Where(j => j.Format == SegmentFormat.Arrow))
        {
            var partial = new TableSchema(JobTables.Resolve(job, schema)).WithColumns([rowId]);
            if (schema.Table(partial.Name).TryGetColumn(rowId.Name, out var known) && !known.Has("row_key")) continue;   // the data's own
            schema.UpdateTable(partial, pipeline.Capabilities);
            updates.Add(partial, isNewTable: false);
        }
    }

    /// <summary>
    /// Returns the number of threads: <c>normalize.workers</c>, at most <see cref="MaxWorkers"/>; by default one per core, at most
    /// <see cref="DefaultMaxWorkers"/>.
    /// </summary>
    private int Workers() => pipeline.Settings.NormalizeWorkers is { } set
        ? Math.Clamp(set, 1, MaxWorkers)
        : Math.Min(Environment.ProcessorCount, DefaultMaxWorkers);

    /// <summary>Compares the schema with the one before the package was extracted.</summary>
    private LoadChanges ChangesOf(
        LoadPackage extracted, Schema ofPackage, Schema schema, WorkerPool workers, SortedDictionary<string, long> rows)
    {
        // A package that another tool extracted has no copy of the earlier schema, so its own schema counts as known.
        var before = Directory.Exists(extracted.PathOf(PackageFolders.Restore))
            ? WorkingFolder.SchemaBefore(extracted, schema.Name, pipeline.Capabilities.MaxIdentifierLength)
            : ofPackage;
        return new SchemaDifference(before, schema, pipeline.Capabilities).Of(rows.Keys, workers.Changes) with
        {
            ColumnsNotCreated = [.. workers.NullColumns.NotCreated(schema).Where(c => !SystemTables.IsSystemName(c.Table))],
            TablesNotCreated = [.. workers.EmptiedTables.Where(t => !schema.TryGetTable(t, out var table) || !table.CompleteColumns.Any())],
        };
    }

    /// <summary>Marks tables that have data, and removes one-time permissions of contracts.</summary>
    private static void Finish(Schema schema, SortedDictionary<string, long> rows)
    {
        foreach (var (name, count) in rows)
        {
            if (!schema.TryGetTable(name, out var table) || count == 0) continue;
            if (table.Columns.FirstOrDefault(c => !c.IsComplete && !c.IsNullable) is { } missing)
                throw RequiredColumn.WithoutValue(name, missing, table.Columns);
            table = table.WithSeenData();
            if (table["x-normalizer"] is { Kind: JsonKind.Object } hints && hints["evolve-columns-once"] is not null)
                table = table.With("x-normalizer", hints.Without("evolve-columns-once"));
            schema.Set(table);
        }

    }
}
