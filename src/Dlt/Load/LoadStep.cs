using System.Globalization;
using System.Text;
using Dlt.Extract;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.Storage;

namespace Dlt.Load;

/// <summary>Loads normalised packages, one after another, and publishes each with one row (spec/pipeline.md 2.4; design 4.2).</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="clientOf">The dataset of a schema.</param>
internal sealed class LoadStep(PipelineContext pipeline, Func<string, IDestinationClient> clientOf)
{
    private const int MostWorkers = 256;

    private readonly JsonValue _settings = pipeline.Settings.Load;

    public async Task<List<LoadedPackage>> RunAsync(CancellationToken cancellationToken)
    {
        var loaded = new List<LoadedPackage>();
        foreach (var package in WorkingFolder.Packages(pipeline.Folder.Normalized))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Directory.Exists(Path.Combine(pipeline.Folder.Loaded, package.LoadId)))
            {
                DurableFolder.Delete(package.Folder);   // a power cut while it moved: one folder knew of it, the other did not
                continue;
            }

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
                await InitializeAsync(package, schema, cancellationToken).ConfigureAwait(false);
                await UploadAsync(package, schema, rows, cancellationToken).ConfigureAwait(false);
                await PublishAsync(package, schema, cancellationToken).ConfigureAwait(false);
                await clientOf(schema.Name).CommitAsync(package.LoadId, schema, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                pipeline.Progress.End();
            }

            File.WriteAllBytes(package.PathOf(PackageFolders.Completed), "loaded"u8.ToArray());   // if a power cut takes it, the steps are done again and find themselves done
        }

        var jobs = package.Jobs(PackageFolders.CompletedJobs).Count;
        DurableFolder.Rename(package.Folder, Path.Combine(pipeline.Folder.Loaded, package.LoadId));
        return new(package.LoadId, schema.Name, schema.VersionHash!, rows, jobs, started, pipeline.Time.GetUtcNow());
    }

    /// <summary>Schema of the destination, once per package; a crash before its end repeats it.</summary>
    private async Task InitializeAsync(LoadPackage package, Schema schema, CancellationToken cancellationToken)
    {
        var updates = package.PathOf(PackageFolders.SchemaUpdates);
        if (!File.Exists(updates)) return;
        var tables = TablesOf(package, schema);
        var client = clientOf(schema.Name);
        client.Verify(schema, tables);
        foreach (var table in tables.Where(t => schema.Inherited(t, "write_disposition") == "merge" && pipeline.Capabilities.ResolveMergeStrategy(schema, t) is null && t.Parent is null))
            pipeline.Warn($"Table '{table.Name}' asks for merge, which a Hive table cannot do; its rows are appended. Use table_format iceberg to merge.");

        await RefreshAsync(package, schema, cancellationToken).ConfigureAwait(false);
        var changed = await client.PrepareAsync(package.LoadId, schema, tables, cancellationToken).ConfigureAwait(false);
        var applied = JsonValue.Object(package.ReadJson(updates).Members.Where(u => changed.Contains(u.Key)));
        AtomicFile.Write(package.PathOf(PackageFolders.AppliedSchemaUpdates), JsonText.WriteUtf8(applied));
        File.Delete(updates);
        DurableFolder.Flush(package.Folder);   // or a power cut would bring it back, and a refresh would empty tables again
    }

    /// <summary>Drops or empties what a refresh named (spec/pipeline.md 1.10).</summary>
    private async Task RefreshAsync(LoadPackage package, Schema schema, CancellationToken cancellationToken)
    {
        var state = package.LoadState();
        var (dropped, truncated) = (Refresh.TablesIn(state, Refresh.DroppedTables), Refresh.TablesIn(state, Refresh.TruncatedTables));
        if (dropped.Count + truncated.Count == 0) return;
        var client = clientOf(schema.Name);
        if (dropped.Count > 0) await client.DropAsync(schema.Name, dropped, cancellationToken).ConfigureAwait(false);
        foreach (var table in truncated) await client.PublishAsync(table, schema, package.LoadId, [], replaces: true, cancellationToken).ConfigureAwait(false);
        static JsonValue Names(IEnumerable<TableSchema> tables) => JsonValue.Array([.. tables.Select(t => t.Name).Order(StringComparer.Ordinal).Select(JsonValue.String)]);
        package.SaveState(state.With("applied_dropped_tables", Names(dropped)).With("applied_truncated_tables", Names(truncated)));
    }

    /// <summary>Tables with jobs, the replaced chains they belong to, and the bookkeeping tables.</summary>
    private static List<TableSchema> TablesOf(LoadPackage package, Schema schema)
    {
        var names = JobsOf(package, schema).Select(j => j.Table.Name).ToHashSet(StringComparer.Ordinal);
        return [.. schema.Tables.Where(t => names.Contains(t.Name) || (SystemTables.IsSystemTable(t.Name) && t.Text("write_disposition") == "skip"))];
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

    private async Task UploadAsync(LoadPackage package, Schema schema, IReadOnlyDictionary<string, long> rows, CancellationToken cancellationToken)
    {
        // A job that was running when the process ended is done again: its upload overwrites itself.
        foreach (var file in package.Jobs(PackageFolders.StartedJobs)) File.Move(file, package.PathOf(PackageFolders.NewJobs, Path.GetFileName(file)));
        var strategy = _settings["parallelism_strategy"] is { Kind: JsonKind.String } own ? own.AsString() : "parallel";
        var workers = strategy == "sequential" ? 1 : (int)Math.Clamp(_settings["workers"]!.AsInt64(), 1, MostWorkers);
        var jobs = package.Jobs(PackageFolders.NewJobs);
        var reported = new HashSet<string>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            strategy == "table-sequential" ? jobs.GroupBy(f => JobFileName.Parse(Path.GetFileName(f)).Table).Select(t => t.ToList()) : jobs.Select(f => new List<string> { f }),
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

    /// <summary>Transient failures are tried again with growing waits; a terminal one leaves the package pending with the reason beside it.</summary>
    private async Task RunJobAsync(LoadPackage package, Schema schema, LoadJob job, CancellationToken cancellationToken)
    {
        if (job.Table.Text("write_disposition") == "skip")
            throw new DltException($"Table '{job.Table.Name}' has the disposition skip, so its rows cannot be loaded. The package {package.LoadId} stays pending; abort it.") { IsTransient = false };
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
                var isTransient = error is DltException { IsTransient: true } or (IOException and not (DirectoryNotFoundException or FileNotFoundException)) or HttpRequestException;
                var failed = job.Name with { RetryCount = job.Name.RetryCount + attempt };
                var report = $"retry: {(isTransient ? "transient" : "terminal")}\n{error}";
                AtomicFile.Write(package.PathOf(PackageFolders.Exceptions, string.Create(CultureInfo.InvariantCulture, $"{failed.Table}.{failed.FileId}.{failed.RetryCount}.exception")), Encoding.UTF8.GetBytes(report));
                if (isTransient && attempt + 1 < max)
                {
                    await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(200 << attempt, 10_000) * (0.5 + Random.Shared.NextDouble() / 2)), pipeline.Time, cancellationToken).ConfigureAwait(false);
                    continue;
                }

                File.Move(job.FilePath, package.PathOf(PackageFolders.NewJobs, failed.WithRetry().FileName));
                throw new LoadException(
                    $"Job {job.Name.JobId} of package {package.LoadId} failed after {attempt + 1} attempt(s): {error.Message} The package stays pending in {package.Folder} and is tried first by the next run.", error)
                { LoadId = package.LoadId, JobId = job.Name.JobId, IsTransient = isTransient };
            }
        }
    }

    /// <summary>All files are there; now their rows become visible, nested tables before their roots. Nested tables of a replaced one that have no rows in this package are emptied too.</summary>
    private async Task PublishAsync(LoadPackage package, Schema schema, CancellationToken cancellationToken)
    {
        var jobs = JobsOf(package, schema);
        var roots = jobs.Select(j => schema.RootOf(j.Table)).DistinctBy(t => t.Name).Where(t => t.Text("write_disposition") == "replace");
        var replaced = roots.SelectMany(schema.ChainOf).Where(t => t.HasSeenData).ToList();
        var tables = jobs.Select(j => j.Table).Concat(replaced).DistinctBy(t => t.Name).OrderByDescending(t => Depth(schema, t));
        foreach (var table in tables)
        {
            var own = jobs.Where(j => j.Table.Name == table.Name).ToList();
            await clientOf(schema.Name).PublishAsync(table, schema, package.LoadId, own, replaced.Exists(t => t.Name == table.Name), cancellationToken).ConfigureAwait(false);
        }
    }

    private static int Depth(Schema schema, TableSchema table) => table.Parent is { } parent && schema.TryGetTable(parent, out var above) ? Depth(schema, above) + 1 : 0;
}

/// <summary>What loading one package did.</summary>
internal sealed record LoadedPackage(
    string LoadId, string SchemaName, string SchemaHash, IReadOnlyDictionary<string, long> RowCounts, int Jobs, DateTimeOffset StartedAt, DateTimeOffset FinishedAt);
