using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dlt.Extract;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Retries;
using Dlt.Schemas;
using Dlt.Settings;
using Dlt.Storage;

namespace Dlt.Load;

/// <summary>Loads normalised packages, one after another, and publishes each with one row (spec/pipeline.md 2.4; design 4.2).</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="clientOf">The dataset of a schema.</param>
internal sealed class LoadStep(PipelineContext pipeline, Func<string, IDestinationClient> clientOf)
{
    private const int MostWorkers = 256;
    private const string AppliedDrops = "applied_dropped_tables";
    private const string AppliedTruncations = "applied_truncated_tables";

    private readonly StepSettings _settings = pipeline.Settings;
    private readonly RetryWaits _waits = new(pipeline.Time, pipeline.Warn);

    public async Task<List<LoadedPackage>> RunAsync(CancellationToken cancellationToken)
    {
        var loaded = new List<LoadedPackage>();
        foreach (var group in Groups())
        {
            cancellationToken.ThrowIfCancellationRequested();
            loaded.AddRange(await LoadGroupAsync(group, cancellationToken).ConfigureAwait(false));
        }

        return loaded;
    }

    /// <summary>Packages in the order of their load ids, with those that are committed in the same moment.</summary>
    private List<List<LoadPackage>> Groups()
    {
        var groups = new List<List<LoadPackage>>();
        foreach (var package in WorkingFolder.Packages(pipeline.Folder.Normalized))
        {
            if (Directory.Exists(Path.Combine(pipeline.Folder.Loaded, package.LoadId)))
            {
                pipeline.Folder.Remove(package);   // a power cut while it moved: one folder knew of it, the other did not
                continue;
            }

            if (groups.Find(g => g[0].CommitWith.Contains(package.LoadId)) is { } group) group.Add(package);
            else groups.Add([package]);
        }

        return groups;
    }

    /// <summary>
    /// Rows of all packages become visible before one commit makes their loads valid: data never counts without the state that belongs to
    /// it.
    /// </summary>
    private async Task<List<LoadedPackage>> LoadGroupAsync(List<LoadPackage> group, CancellationToken cancellationToken)
    {
        var loads = group.ConvertAll(Open);
        var client = clientOf(loads[0].Schema.Name);
        var uncommitted = new List<LoadPlan>();
        foreach (var load in loads.Where(l => !l.Package.IsCompleted))
        {
            // A load that is complete is not done again, whatever the process that loaded it came to; only its sweep is.
            if (await client.IsLoadedAsync(load.Package.LoadId, cancellationToken).ConfigureAwait(false)) continue;
            await PublishAsync(load, cancellationToken).ConfigureAwait(false);
            uncommitted.Add(load.Plan);
        }

        if (uncommitted.Count > 0) await client.CommitAsync(uncommitted, cancellationToken).ConfigureAwait(false);
        var loaded = new List<LoadedPackage>();
        foreach (var load in loads) loaded.Add(await FinishAsync(load, cancellationToken).ConfigureAwait(false));
        return loaded;
    }

    private PendingLoad Open(LoadPackage package)
    {
        var schema = package.LoadSchema(pipeline.Capabilities.MaxIdentifierLength);
        return new(package, schema, PlanOf(package, schema), RowCounts.Read(package), pipeline.Time.GetUtcNow())
        {
            Changes = PackageChanges.Read(package),
        };
    }

    private async Task PublishAsync(PendingLoad load, CancellationToken cancellationToken)
    {
        pipeline.Progress.Begin("Load", $"{load.Schema.Name} in {load.Package.LoadId}");
        try
        {
            await PrepareAsync(load.Package, load.Plan, cancellationToken).ConfigureAwait(false);
            await UploadAsync(load.Package, load.Schema, load.Rows, cancellationToken).ConfigureAwait(false);
            await PublishTablesAsync(load, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            pipeline.Progress.End();
        }
    }

    private async Task<LoadedPackage> FinishAsync(PendingLoad load, CancellationToken cancellationToken)
    {
        var package = load.Package;
        if (!package.IsCompleted)
        {
            await clientOf(load.Schema.Name).SettleAsync(load.Plan, cancellationToken).ConfigureAwait(false);
            // if a power cut takes it, the steps are done again and find themselves done
            File.WriteAllBytes(package.PathOf(PackageFolders.Completed), "loaded"u8.ToArray());
        }

        var jobs = package.Jobs(PackageFolders.CompletedJobs).Count;
        var key = RunKey.Read(package);
        DurableFolder.Rename(package.Folder, Path.Combine(pipeline.Folder.Loaded, package.LoadId));
        return new(package.LoadId, load.Schema.Name, load.Schema.VersionHash!, load.Rows, jobs, load.Started, pipeline.Time.GetUtcNow())
        {
            Changes = load.Changes,
            RunKey = key,
        };
    }

    /// <summary>Brings the destination to the schema. It is repeated with the load, but for a refresh that was applied.</summary>
    private async Task PrepareAsync(LoadPackage package, LoadPlan plan, CancellationToken cancellationToken)
    {
        var client = clientOf(plan.Schema.Name);
        client.Verify(plan.Schema, plan.Prepared);
        var updates = package.PathOf(PackageFolders.SchemaUpdates);
        if (File.Exists(updates)) WarnOfMerge(plan);
        var changed = await client.PrepareAsync(plan, cancellationToken).ConfigureAwait(false);
        if (!plan.Dropped.IsEmpty || !plan.Truncated.IsEmpty)
        {
            static JsonValue Names(IEnumerable<TableSchema> tables) =>
                JsonValue.Array([.. tables.Select(t => t.Name).Order(StringComparer.Ordinal).Select(JsonValue.String)]);
            package.SaveState(package.LoadState().With(AppliedDrops, Names(plan.Dropped)).With(AppliedTruncations, Names(plan.Truncated)));
        }

        if (!File.Exists(updates)) return;
        var applied = JsonValue.Object(package.ReadJson(updates).Members.Where(u => changed.Contains(u.Key)));
        AtomicFile.Write(package.PathOf(PackageFolders.AppliedSchemaUpdates), JsonText.WriteUtf8(applied));
        File.Delete(updates);
        DurableFolder.Flush(package.Folder);   // or a power cut would bring it back, and a refresh would empty tables again
    }

    private void WarnOfMerge(LoadPlan plan)
    {
        foreach (var table in plan.Prepared.Where(
            t => plan.Schema.Inherited(t, "write_disposition") == "merge"
                && pipeline.Capabilities.ResolveMergeStrategy(plan.Schema, t) is null && t.Parent is null))
            pipeline.Warn(
                $"Table '{table.Name}' asks for merge, which an external table cannot do; its rows are appended. (Merging is not "
                    + "built for Iceberg tables yet either.)");
    }

    /// <summary>
    /// What the package does: its jobs, the chains that it replaces, and the refresh that it carries (spec/pipeline.md 1.10), unless that
    /// was applied.
    /// </summary>
    private static LoadPlan PlanOf(LoadPackage package, Schema schema)
    {
        var state = package.LoadState();
        var isApplied = state[AppliedDrops] is not null || !File.Exists(package.PathOf(PackageFolders.SchemaUpdates));
        var tables = TablesOf(package, schema);
        return new()
        {
            LoadId = package.LoadId,
            Schema = schema,
            Tables = tables,
            Prepared =
                [.. schema.Tables.Where(
                    t => tables.Any(p => p.Table.Name == t.Name)
                        || (SystemTables.IsSystemTable(t.Name) && t.Text("write_disposition") == "skip"))],
            Dropped = isApplied ? [] : [.. Refresh.TablesIn(state, Refresh.DroppedTables)],
            Truncated = isApplied ? [] : [.. Refresh.TablesIn(state, Refresh.TruncatedTables)],
        };
    }

    /// <summary>
    /// Tables with jobs, and nested tables of a replaced one that have no rows in this package: those are emptied too. Nested tables come
    /// before their roots.
    /// </summary>
    private static ImmutableArray<PlannedTable> TablesOf(LoadPackage package, Schema schema)
    {
        var jobs = JobsOf(package, schema);
        var roots = jobs.Select(j => schema.RootOf(j.Table)).DistinctBy(t => t.Name).Where(t => t.Text("write_disposition") == "replace");
        var replaced = roots.SelectMany(schema.ChainOf).Where(t => t.HasSeenData).Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        return [.. jobs.Select(j => j.Table.Name).Concat(replaced).Distinct().Select(schema.Table).OrderByDescending(t => Depth(schema, t))
            .Select(t => new PlannedTable(t, [.. jobs.Where(j => j.Table.Name == t.Name)], replaced.Contains(t.Name)))];
    }

    /// <summary>A file that a power cut left in two folders, on its way from one to the other, is one job.</summary>
    private static List<LoadJob> JobsOf(LoadPackage package, Schema schema)
    {
        var files = new[] { PackageFolders.NewJobs, PackageFolders.StartedJobs, PackageFolders.CompletedJobs }.SelectMany(package.Jobs);
        return [.. files.Select(f => ToJob(f, package, schema)).DistinctBy(j => (j.Name.Table, j.Name.FileId))];
    }

    private static LoadJob ToJob(string file, LoadPackage package, Schema schema)
    {
        var name = JobFileName.Parse(Path.GetFileName(file));
        return new(name, file, schema.Table(JobTables.Resolve(name, schema)), schema.Name, package.LoadId);
    }

    private async Task UploadAsync(
        LoadPackage package, Schema schema, IReadOnlyDictionary<string, long> rows, CancellationToken cancellationToken)
    {
        // A job that was running when the process ended is done again: its upload overwrites itself. So is one whose file is gone since.
        foreach (var file in package.Jobs(PackageFolders.StartedJobs)) File.Move(
            file, package.PathOf(PackageFolders.NewJobs, Path.GetFileName(file)), overwrite: true);
        foreach (var file in package.Jobs(PackageFolders.CompletedJobs))
        {
            if (!await clientOf(schema.Name).IsUploadedAsync(ToJob(file, package, schema), schema, cancellationToken).ConfigureAwait(false))
                File.Move(file, package.PathOf(PackageFolders.NewJobs, Path.GetFileName(file)), overwrite: true);
        }

        var strategy = _settings.LoadStrategy;
        var workers = strategy == "sequential" ? 1 : Math.Min(_settings.LoadWorkers, MostWorkers);
        var jobs = package.Jobs(PackageFolders.NewJobs);
        var reported = new HashSet<string>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            strategy == "table-sequential" ? jobs.GroupBy(f => JobFileName.Parse(Path.GetFileName(f)).Table).Select(t => t.ToList())
                : jobs.Select(f => new List<string> { f }),
            new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellationToken },
            async (files, token) =>
            {
                foreach (var file in files) await LoadFileAsync(file, token).ConfigureAwait(false);
            }).ConfigureAwait(false);

        async Task LoadFileAsync(string file, CancellationToken token)
        {
            var job = ToJob(file, package, schema);
            var started = package.PathOf(PackageFolders.StartedJobs, job.Name.FileName);
            File.Move(file, started, overwrite: true);
            await RunJobAsync(package, schema, job with { FilePath = started }, token).ConfigureAwait(false);
            bool isFirst;
            lock (reported) isFirst = reported.Add(job.Table.Name);
            pipeline.Progress.Add(job.Table.Name, isFirst ? rows.GetValueOrDefault(job.Table.Name) : 0, new FileInfo(started).Length);
            File.Move(started, package.PathOf(PackageFolders.CompletedJobs, job.Name.FileName), overwrite: true);
        }
    }

    /// <summary>
    /// Transient failures are tried again with growing waits; a terminal one leaves the package pending with the reason beside it.
    /// </summary>
    private async Task RunJobAsync(LoadPackage package, Schema schema, LoadJob job, CancellationToken cancellationToken)
    {
        if (job.Table.Text("write_disposition") == "skip")
            throw new DltException($"Table '{job.Table.Name}' has the disposition skip, so its rows cannot be loaded.")
            { IsTransient = false };
        var policy = RetryPolicy.Steps with { Attempts = (int)Math.Clamp(_settings.MaxLoadRetries, 1, int.MaxValue) };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await clientOf(job.SchemaName).UploadAsync(job, schema, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                var isTransient = Failure.MayPass(error);
                var failed = job.Name with { RetryCount = job.Name.RetryCount + attempt - 1 };
                Note(package, failed, error, isTransient);
                if (Failure.IsTransient(error, cancellationToken) && attempt < policy.Attempts)
                {
                    var story = $"Job {job.Name.JobId} of package {package.LoadId} failed: {Failure.Cause(error)}";
                    await _waits.WaitAsync(story, attempt, policy.Attempts, policy.Wait(attempt), cancellationToken).ConfigureAwait(false);
                    continue;
                }

                File.Move(job.FilePath, package.PathOf(PackageFolders.NewJobs, failed.WithRetry().FileName));
                throw new LoadException(
                    $"Job {job.Name.JobId} of package {package.LoadId} failed after {attempt} attempt(s): {Failure.Cause(error)}", error)
                { LoadId = package.LoadId, JobId = job.Name.JobId, IsTransient = isTransient };
            }
        }
    }

    private static void Note(LoadPackage package, JobFileName failed, Exception error, bool isTransient)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{failed.Table}.{failed.FileId}.{failed.RetryCount}.exception");
        var report = $"retry: {(isTransient ? "transient" : "terminal")}\n{error}";
        AtomicFile.Write(package.PathOf(PackageFolders.Exceptions, name), Encoding.UTF8.GetBytes(report));
    }

    /// <summary>All files are there; now their rows become visible, nested tables before their roots.</summary>
    /// <exception cref="RowCountException">The files of a table have other rows than normalise made.</exception>
    private async Task PublishTablesAsync(PendingLoad load, CancellationToken cancellationToken)
    {
        var extracted = RowCounts.ReadExtracted(load.Package);
        foreach (var (table, jobs, replaces) in TablesOf(load.Package, load.Schema))
        {
            var committed = await clientOf(load.Schema.Name)
                .PublishAsync(table, load.Schema, load.Package.LoadId, jobs, replaces, cancellationToken).ConfigureAwait(false);
            var normalized = load.Rows.GetValueOrDefault(table.Name);
            if (load.Rows.Count == 0 || committed is null || committed == normalized) continue;   // Python dlt counts nothing
            throw new RowCountException(
                table.Name, load.Package.LoadId, extracted.TryGetValue(table.Name, out var items) ? items : null, normalized, committed,
                "The load is not complete.");
        }
    }

    private static int Depth(Schema schema, TableSchema table) =>
        table.Parent is { } parent && schema.TryGetTable(parent, out var above) ? Depth(schema, above) + 1 : 0;
}

/// <summary>A package on its way.</summary>
internal sealed record PendingLoad(
    LoadPackage Package, Schema Schema, LoadPlan Plan, IReadOnlyDictionary<string, long> Rows, DateTimeOffset Started)
{
    public required LoadChanges Changes { get; init; }
}

/// <summary>What loading one package did.</summary>
internal sealed record LoadedPackage(
    string LoadId, string SchemaName, string SchemaHash, IReadOnlyDictionary<string, long> RowCounts, int Jobs, DateTimeOffset StartedAt,
        DateTimeOffset FinishedAt)
{
    public required LoadChanges Changes { get; init; }

    /// <summary>What the run that extracted it was for; null where it did not say.</summary>
    public RunKey? RunKey { get; init; }
}
