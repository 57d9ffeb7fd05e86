using System.Diagnostics;
using System.Globalization;
using System.Text;
using Dlt.Destinations;
using Dlt.Diagnostics;
using Dlt.Internal;
using Dlt.Packages;

namespace Dlt.Load;

/// <summary>
/// Stages the jobs of a package, <c>load.workers</c> at once, and moves their files between the job folders of the package.
/// </summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="client">The dataset.</param>
/// <param name="load">The package.</param>
internal sealed class LoadStaging(PipelineContext pipeline, IDestinationClient client, PendingLoad load)
{
    /// <summary>Upper limit of parallel jobs; more of them would only wait for each other.</summary>
    private const int MaxWorkers = 256;

    /// <summary>Number of jobs and chains that the settings allow at once.</summary>
    public static int WorkersOf(PipelineContext pipeline) =>
        pipeline.Settings.LoadStrategy == "sequential" ? 1 : Math.Min(pipeline.Settings.LoadWorkers, MaxWorkers);

    private readonly LoadPackage _package = load.Package;
    private readonly PackageJobs _jobs = new(load.Package, load.Schema);
    private readonly RetryWaits _waits = pipeline.Waits;
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Done, long Total)> _bytes = new(StringComparer.Ordinal);

    /// <summary>Stages all jobs that are not staged yet.</summary>
    /// <exception cref="LoadException">A job failed. It waits for the next run, and the package holds the reason.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _jobs.DeleteTemporaryFiles();
        await ReopenAsync(cancellationToken).ConfigureAwait(false);
        var strategy = pipeline.Settings.LoadStrategy;
        var jobs = _package.Jobs(PackageFolders.NewJobs);
        foreach (var job in jobs.Select(_jobs.Of))
        {
            var known = _bytes.GetValueOrDefault(job.Table.Name);
            _bytes[job.Table.Name] = known with { Total = known.Total + new FileInfo(job.FilePath).Length };
        }

        var lanes = strategy == "table-sequential"
            ? jobs.GroupBy(f => PackageJobs.NameOf(f).Table).Select(t => t.ToList())
            : jobs.Select(f => new List<string> { f });
        var options = new ParallelOptions
        {
            MaxDegreeOfParallelism = WorkersOf(pipeline),
            CancellationToken = cancellationToken,
        };
        await Parallel.ForEachAsync(lanes, options, async (files, token) =>
        {
            foreach (var file in files) await StageFileAsync(file, token).ConfigureAwait(false);
        }).ConfigureAwait(false);
        _jobs.DeleteTemporaryFiles();
    }

    /// <summary>
    /// Requeues jobs that were running when their process ended, and jobs whose staged bytes are gone. Staging them again overwrites the
    /// earlier output.
    /// </summary>
    private async Task ReopenAsync(CancellationToken cancellationToken)
    {
        foreach (var file in _package.Jobs(PackageFolders.StartedJobs)) MoveTo(PackageFolders.NewJobs, file);
        foreach (var file in _package.Jobs(PackageFolders.CompletedJobs))
        {
            if (!await client.IsStagedAsync(_jobs.Of(file), cancellationToken).ConfigureAwait(false))
                MoveTo(PackageFolders.NewJobs, file);
        }
    }

    private async Task StageFileAsync(string file, CancellationToken cancellationToken)
    {
        var started = MoveTo(PackageFolders.StartedJobs, file);
        var job = _jobs.Of(started);
        var bytes = new FileInfo(started).Length;
        _jobs.SaveReceipt(job, await TraceAsync(job, bytes, cancellationToken).ConfigureAwait(false));
        Report(job, bytes);
        MoveTo(PackageFolders.CompletedJobs, started);
    }

    private Task<ReadOnlyMemory<byte>> TraceAsync(LoadJob job, long bytes, CancellationToken cancellationToken) =>
        DltDiagnostics.TraceAsync(SpanNames.Job, ActivityKind.Internal, span =>
        {
            span?.SetTag(AttributeNames.Load, job.LoadId).SetTag(AttributeNames.Job, job.JobId)
                .SetTag(AttributeNames.Table, job.Table.Name).SetTag(AttributeNames.Bytes, bytes);
            return StageAsync(job, cancellationToken);
        });

    /// <summary>
    /// Stages a job and retries transient failures with growing waits. After the last attempt the package stays pending, and the reason is
    /// stored in its folder of exceptions.
    /// </summary>
    private async Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken)
    {
        if (job.Table.WriteDisposition == WriteDisposition.Skip)
        {
            throw new DltException($"Table '{job.Table.Name}' has the disposition skip, so its rows cannot be loaded. Set another write "
                + "disposition for it.")
            { IsTransient = false };
        }

        var name = PackageJobs.NameOf(job.FilePath);
        var policy = RetryPolicy.Steps with { Attempts = (int)Math.Clamp(pipeline.Settings.MaxLoadRetries, 1, int.MaxValue) };
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await client.StageAsync(job, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested)
            {
                var isTransient = Failure.MayPass(error);
                var failed = name with { RetryCount = name.RetryCount + attempt - 1 };
                NoteFailure(failed, error, isTransient);
                if (Failure.IsTransient(error, cancellationToken) && attempt < policy.Attempts)
                {
                    RunInstruments.CountRetry(error);
                    var story = $"Job {job.JobId} of package {_package.LoadId} failed: {Failure.Cause(error)}";
                    await _waits.WaitAsync(story, attempt, policy.Attempts, policy.Wait(attempt), cancellationToken).ConfigureAwait(false);
                    continue;
                }

                File.Move(job.FilePath, _package.PathOf(PackageFolders.NewJobs, failed.WithRetry().FileName));
                throw new LoadException(
                    $"Job {job.JobId} of package {_package.LoadId} failed after {attempt} attempt(s): {Failure.Cause(error)}", error)
                { LoadId = _package.LoadId, JobId = job.JobId, IsTransient = isTransient };
            }
        }
    }

    private void NoteFailure(JobFileName failed, Exception error, bool isTransient)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{failed.Table}.{failed.FileId}.{failed.RetryCount}.exception");
        var report = $"retry: {(isTransient ? "transient" : "terminal")}\n{pipeline.Configuration.Secrets.Hide(error.ToString())}";
        AtomicFile.Write(_package.PathOf(PackageFolders.Exceptions, name), Encoding.UTF8.GetBytes(report));
    }

    /// <summary>
    /// Reports a staged file. The rows are reported with the first file of a table, since the package counts rows by table only.
    /// </summary>
    private void Report(LoadJob job, long bytes)
    {
        var table = job.Table.Name;
        lock (_reported)
        {
            var known = _bytes.GetValueOrDefault(table);
            _bytes[table] = known = known with { Done = known.Done + bytes };
            pipeline.Observer.FileStaged(table, _reported.Add(table) ? load.Rows.GetValueOrDefault(table) : 0, bytes);
            pipeline.Observer.Advanced(table, known.Done, known.Total);
        }
    }

    private string MoveTo(string folder, string file)
    {
        var target = _package.PathOf(folder, Path.GetFileName(file));
        File.Move(file, target, overwrite: true);
        return target;
    }
}
