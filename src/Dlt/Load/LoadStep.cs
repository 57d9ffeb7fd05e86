using System.Diagnostics;
using Dlt.Destinations;
using Dlt.Diagnostics;
using Dlt.Internal;
using Dlt.Logging;
using Dlt.Packages;

namespace Dlt.Load;

/// <summary>
/// Loads normalised packages, one after another. A load has four parts: prepare (tables, schema), stage (all bytes move, in parallel),
/// publish (metadata only, chain by chain) and commit (one row in <c>_dlt_loads</c>, which makes the load valid).
/// </summary>
/// <remarks>Packages and their folders: docs/spec/pipeline.md 2.4.</remarks>
/// <param name="pipeline">The pipeline.</param>
/// <param name="clientOf">Returns the dataset of a schema.</param>
internal sealed class LoadStep(PipelineContext pipeline, Func<string, RetryingClient> clientOf)
{
    /// <summary>Loads all pending packages.</summary>
    /// <exception cref="DltException">A load stopped; its package and those after it stay pending.</exception>
    public async Task<List<LoadPackageInfo>> RunAsync(CancellationToken cancellationToken)
    {
        var loaded = new List<LoadPackageInfo>();
        foreach (var group in Groups())
        {
            cancellationToken.ThrowIfCancellationRequested();
            loaded.AddRange(await LoadGroupAsync(group, cancellationToken).ConfigureAwait(false));
        }

        return loaded;
    }

    /// <summary>
    /// Loads packages that are committed together: the rows of all become visible before one commit makes their loads valid. So no load is
    /// valid without the state that belongs to it.
    /// </summary>
    private async Task<List<LoadPackageInfo>> LoadGroupAsync(List<LoadPackage> group, CancellationToken cancellationToken)
    {
        var loads = group.ConvertAll(Open);
        var client = clientOf(loads[0].Schema.Name);
        var open = new List<int>();
        for (var i = 0; i < loads.Count; i++)
        {
            // An earlier process may have completed the load and ended before the clean-up; then only the clean-up is repeated.
            if (!loads[i].Package.IsCompleted
                && !await client.IsLoadedAsync(loads[i].Package.LoadId, cancellationToken).ConfigureAwait(false)) open.Add(i);
        }

        if (open.Count > 0)
        {
            var published = await StageAndPublishAsync(client, open.ConvertAll(i => loads[i]), cancellationToken).ConfigureAwait(false);
            await CommitAsync(client, published.ConvertAll(l => l.Plan), cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < open.Count; i++) loads[open[i]] = published[i];
        }

        var loaded = new List<LoadPackageInfo>();
        foreach (var load in loads) loaded.Add(await FinishAsync(load, cancellationToken).ConfigureAwait(false));
        return loaded;
    }

    private Task CommitAsync(RetryingClient client, List<LoadPlan> loads, CancellationToken cancellationToken) =>
        DltDiagnostics.TraceAsync(SpanNames.Commit, ActivityKind.Internal, async span =>
        {
            var ids = string.Join(", ", loads.Select(l => l.LoadId));
            span?.SetTag(AttributeNames.Load, ids);
            await client.CommitAsync(loads, cancellationToken).ConfigureAwait(false);
            RunInstruments.Loads.Add(loads.Count);
            LogMessages.LoadsCompleted(pipeline.Logger, ids);
        });

    /// <summary>
    /// Stages all loads, records that they are staged, and then publishes them: another machine can complete the loads from the first
    /// publication on.
    /// </summary>
    /// <returns>The loads with plans that have the receipts of their jobs.</returns>
    private async Task<List<PendingLoad>> StageAndPublishAsync(
        RetryingClient client, List<PendingLoad> loads, CancellationToken cancellationToken)
    {
        var staged = new List<PendingLoad>();
        try
        {
            foreach (var load in loads)
            {
                if (staged.Count > 0) pipeline.Observer.PackageEnded();
                pipeline.Observer.PackageBegan(StepNames.Load, load.Schema.Name, load.Package.LoadId);
                staged.Add(await StageAsync(client, load, cancellationToken).ConfigureAwait(false));
            }

            await client.RecordStagedAsync(staged.ConvertAll(l => l.Plan), cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < staged.Count; i++)
            {
                var load = staged[i];
                var publication = new LoadPublication(client, load, pipeline.Capabilities) { Workers = LoadStaging.WorkersOf(pipeline) };
                await publication.RunAsync(cancellationToken).ConfigureAwait(false);
                staged[i] = load with { Merged = publication.Merged };
            }

            return staged;
        }
        finally
        {
            pipeline.Observer.PackageEnded();
        }
    }

    private async Task<PendingLoad> StageAsync(RetryingClient client, PendingLoad load, CancellationToken cancellationToken)
    {
        await new LoadPreparation(pipeline, client).RunAsync(load.Package, load.Plan, cancellationToken).ConfigureAwait(false);
        await new LoadStaging(pipeline, client, load).RunAsync(cancellationToken).ConfigureAwait(false);
        return load with { Plan = LoadPlanner.Staged(load.Plan, load.Package, pipeline.Capabilities) };
    }

    /// <summary>Groups the pending packages by commit, in the order of their load ids.</summary>
    private List<List<LoadPackage>> Groups()
    {
        var groups = new List<List<LoadPackage>>();
        foreach (var package in WorkingFolder.Packages(pipeline.Folder.Normalized))
        {
            if (Directory.Exists(Path.Combine(pipeline.Folder.Loaded, package.LoadId)))
            {
                pipeline.Folder.Remove(package);   // a power cut during the move can leave the package in both folders
                continue;
            }

            if (groups.Find(g => g[0].CommitWith.Contains(package.LoadId)) is { } group) group.Add(package);
            else groups.Add([package]);
        }

        return groups;
    }

    private PendingLoad Open(LoadPackage package)
    {
        var schema = package.LoadSchema(pipeline.Capabilities.MaxIdentifierLength);
        var plan = LoadPlanner.PlanOf(package, schema, pipeline.Capabilities);
        return new(package, schema, plan, RowCounts.Read(package), pipeline.Time.GetUtcNow(), PackageChanges.Read(package));
    }

    private async Task<LoadPackageInfo> FinishAsync(PendingLoad load, CancellationToken cancellationToken)
    {
        var package = load.Package;
        if (!package.IsCompleted)
        {
            await clientOf(load.Schema.Name).SettleAsync(load.Plan, cancellationToken).ConfigureAwait(false);
            // not flushed: if a power cut loses it, the repeated steps find nothing to do
            File.WriteAllBytes(package.PathOf(PackageFolders.Completed), "loaded"u8.ToArray());
        }

        var jobs = package.Jobs(PackageFolders.CompletedJobs).Count;
        var key = RunKey.Read(package);
        if (key is not null) UnendedRuns.Mark(package);
        var place = Path.Combine(pipeline.Folder.Loaded, package.LoadId);
        DurableFolder.Rename(package.Folder, place);
        if (pipeline.Settings.DeletesCompletedJobs) DeleteJobs(new LoadPackage(place));
        return new(package.LoadId, load.Schema.Name, load.Schema.VersionHash!, load.Rows, jobs, load.Started, pipeline.Time.GetUtcNow())
        {
            Changes = load.Changes,
            Merged = load.Merged,
            RunKey = key,
        };
    }

    /// <summary>Deletes the job files of a loaded package. The load is valid, so files that stay do not fail the run.</summary>
    private void DeleteJobs(LoadPackage package)
    {
        if (package.Jobs(PackageFolders.FailedJobs).Count > 0) return;
        try
        {
            DurableFolder.Delete(package.PathOf(PackageFolders.CompletedJobs));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            pipeline.Warn($"The job files of the loaded package {package.LoadId} stay: {error.Message.TrimEnd('.')}. Delete the folder "
                + $"{package.PathOf(PackageFolders.CompletedJobs)}.");
        }
    }
}
