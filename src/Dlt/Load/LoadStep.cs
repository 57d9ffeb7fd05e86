using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dlt.Extract;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>Loads normalised packages, one after another, and publishes each with one row (spec/pipeline.md 2.4; design 4.2).</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="clientOf">The dataset of a schema.</param>
internal sealed class LoadStep(PipelineContext pipeline, Func<string, IDestinationClient> clientOf)
{
    private const int MostWorkers = 256;
    private const string AppliedDrops = "applied_dropped_tables";
    private const string AppliedTruncations = "applied_truncated_tables";

    private readonly JsonValue _settings = pipeline.Settings.Load;

    public async Task<List<LoadedPackage>> RunAsync(CancellationToken cancellationToken)
    {
        var loaded = new List<LoadedPackage>();
        foreach (var package in WorkingFolder.Packages(pipeline.Folder.Normalized))
        {
            cancellationToken.ThrowIfCancellationRequested();
            loaded.Add(await LoadPackageAsync(package, cancellationToken).ConfigureAwait(false));
        }

        return loaded;
    }

    private async Task<LoadedPackage> LoadPackageAsync(LoadPackage package, CancellationToken cancellationToken)
    {
        var started = pipeline.Time.GetUtcNow();
        var schema = package.LoadSchema(pipeline.Capabilities.MaxIdentifierLength);
        var rows = RowCounts.Read(package);
        if (!package.IsCompleted)
        {
            pipeline.Progress.Begin("Load", $"{schema.Name} in {package.LoadId}");
            try
            {
                await LoadAsync(package, schema, rows, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                pipeline.Progress.End();
            }

            AtomicFile.Write(package.PathOf(PackageFolders.Completed), "loaded"u8);
        }

        var jobs = package.Jobs(PackageFolders.CompletedJobs).Count;
        Directory.Move(package.Folder, Path.Combine(pipeline.Folder.Loaded, package.LoadId));
        return new(package.LoadId, schema.Name, schema.VersionHash!, rows, jobs, started, pipeline.Time.GetUtcNow());
    }

    /// <summary>A load that is complete is not done again, whatever the process that loaded it came to; only its sweep is.</summary>
    private async Task LoadAsync(
        LoadPackage package, Schema schema, IReadOnlyDictionary<string, long> rows, CancellationToken cancellationToken)
    {
        var client = clientOf(schema.Name);
        var plan = PlanOf(package, schema);
        if (!await client.IsLoadedAsync(package.LoadId, cancellationToken).ConfigureAwait(false))
        {
            await PrepareAsync(package, plan, cancellationToken).ConfigureAwait(false);
            await UploadAsync(package, schema, rows, cancellationToken).ConfigureAwait(false);
            await PublishAsync(package, schema, cancellationToken).ConfigureAwait(false);
            await client.CommitAsync(package.LoadId, schema, cancellationToken).ConfigureAwait(false);
        }

        await client.SettleAsync(plan, cancellationToken).ConfigureAwait(false);
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
        var applied = JsonValue.Object(AtomicFile.ReadJson(updates).Members.Where(u => changed.Contains(u.Key)));
        AtomicFile.Write(package.PathOf(PackageFolders.AppliedSchemaUpdates), JsonText.WriteUtf8(applied));
        File.Delete(updates);
    }

    private void WarnOfMerge(LoadPlan plan)
    {
        foreach (var table in plan.Prepared.Where(
            t => plan.Schema.Inherited(t, "write_disposition") == "merge"
                && pipeline.Capabilities.ResolveMergeStrategy(plan.Schema, t) is null && t.Parent is null))
            pipeline.Warn(
                $"Table '{table.Name}' asks for merge, which a Hive table cannot do; its rows are appended. Use table_format iceberg to merge.");
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

    private static List<LoadJob> JobsOf(LoadPackage package, Schema schema)
    {
        var files = new[] { PackageFolders.NewJobs, PackageFolders.StartedJobs, PackageFolders.CompletedJobs }.SelectMany(package.Jobs);
        return [.. files.Select(f => ToJob(f, package, schema))];
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
            file, package.PathOf(PackageFolders.NewJobs, Path.GetFileName(file)));
        foreach (var file in package.Jobs(PackageFolders.CompletedJobs))
        {
            if (!await clientOf(schema.Name).IsUploadedAsync(ToJob(file, package, schema), schema, cancellationToken).ConfigureAwait(false))
                File.Move(file, package.PathOf(PackageFolders.NewJobs, Path.GetFileName(file)));
        }

        var strategy = _settings["parallelism_strategy"] is { Kind: JsonKind.String } own ? own.AsString() : "parallel";
        var workers = strategy == "sequential" ? 1 : (int)Math.Clamp(_settings["workers"]!.AsInt64(), 1, MostWorkers);
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
            File.Move(file, started);
            await RunJobAsync(package, schema, job with { FilePath = started }, token).ConfigureAwait(false);
            bool isFirst;
            lock (reported) isFirst = reported.Add(job.Table.Name);
            pipeline.Progress.Add(job.Table.Name, isFirst ? rows.GetValueOrDefault(job.Table.Name) : 0, new FileInfo(started).Length);
            File.Move(started, package.PathOf(PackageFolders.CompletedJobs, job.Name.FileName));
        }
    }

    /// <summary>
    /// Transient failures are tried again with growing waits; a terminal one leaves the package pending with the reason beside it.
    /// </summary>
    private async Task RunJobAsync(LoadPackage package, Schema schema, LoadJob job, CancellationToken cancellationToken)
    {
        if (job.Table.Text("write_disposition") == "skip")
            throw new DltException(
                $"Table '{job.Table.Name}' has the disposition skip, so its rows cannot be loaded. The package {package.LoadId} stays pending; abort it.") { IsTransient = false };
        var max = _settings["raise_on_max_retries"]!.AsInt64();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await clientOf(job.SchemaName).UploadAsync(job, schema, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                var isTransient =
                    error is DltException { IsTransient: true } or (IOException and not (DirectoryNotFoundException or FileNotFoundException)) or HttpRequestException;
                var failed = job.Name with { RetryCount = job.Name.RetryCount + attempt };
                var report = $"retry: {(isTransient ? "transient" : "terminal")}\n{error}";
                AtomicFile.Write(
                    package.PathOf(
                        PackageFolders.Exceptions,
                            string.Create(CultureInfo.InvariantCulture, $"{failed.Table}.{failed.FileId}.{failed.RetryCount}.exception")),
                                Encoding.UTF8.GetBytes(report));
                if (isTransient && attempt + 1 < max)
                {
                    await Task.Delay(
                        TimeSpan.FromMilliseconds(Math.Min(200 << attempt, 10_000) * (0.5 + Random.Shared.NextDouble() / 2)),
                            pipeline.Time, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                File.Move(job.FilePath, package.PathOf(PackageFolders.NewJobs, failed.WithRetry().FileName));
                throw new LoadException(
                    $"Job {job.Name.JobId} of package {package.LoadId} failed after {attempt + 1} attempt(s): {error.Message} The package stays pending in {package.Folder} and is tried first by the next run.", error)
                { LoadId = package.LoadId, JobId = job.Name.JobId, IsTransient = isTransient };
            }
        }
    }

    /// <summary>All files are there; now their rows become visible, nested tables before their roots.</summary>
    private async Task PublishAsync(LoadPackage package, Schema schema, CancellationToken cancellationToken)
    {
        foreach (var (table, jobs, replaces) in TablesOf(package, schema))
            await clientOf(schema.Name).PublishAsync(table, schema, package.LoadId, jobs, replaces, cancellationToken)
                .ConfigureAwait(false);
    }

    private static int Depth(Schema schema, TableSchema table) =>
        table.Parent is { } parent && schema.TryGetTable(parent, out var above) ? Depth(schema, above) + 1 : 0;
}

/// <summary>What loading one package did.</summary>
internal sealed record LoadedPackage(
    string LoadId, string SchemaName, string SchemaHash, IReadOnlyDictionary<string, long> RowCounts, int Jobs, DateTimeOffset StartedAt,
        DateTimeOffset FinishedAt);
