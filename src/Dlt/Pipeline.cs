using Dlt.Diagnostics;
using Dlt.Drop;
using Dlt.Internal;
using Dlt.Packages;
using Dlt.Planning;
using Dlt.Schemas;
using Dlt.Tracing;

namespace Dlt;

/// <summary>
/// A named working folder, a destination and a dataset: extracts, normalises and loads sources (dlt documentation, Pipeline).
/// </summary>
public sealed class Pipeline
{
    private readonly PipelineOptions _options;
    private readonly PipelineRuns _runs;
    private readonly Action<string> _warn;

    private Pipeline(string name, Destination destination, string? dataset, PipelineOptions options)
    {
        FileNameComponent.Check(name, "pipeline name");
        _options = options;
        _runs = new(name, destination, dataset, options);
        _warn = _runs.Warn;
    }

    /// <summary>Name of the pipeline, and of its working folder.</summary>
    public string Name => _runs.Name;

    /// <summary>Name of the dataset, before the naming convention is applied.</summary>
    public string DatasetName => _runs.DatasetName;

    /// <summary>Full path of the folder that holds the state, schemas and packages of the pipeline.</summary>
    public string WorkingFolder => _runs.WorkingFolder;

    /// <summary>Creates a pipeline. Nothing is written and no service is called until it runs.</summary>
    /// <param name="name">Name of the pipeline; it must be valid as a folder name.</param>
    /// <param name="destination">Destination that the pipeline loads to.</param>
    /// <param name="dataset">Name of the dataset; <c>&lt;name&gt;_dataset</c> by default.</param>
    /// <param name="options">Further settings; null for the defaults.</param>
    /// <exception cref="ConfigurationException">A configuration file is malformed.</exception>
    public static Pipeline Create(string name, Destination destination, string? dataset = null, PipelineOptions? options = null) =>
        new(name, destination, dataset, options ?? new());

    /// <summary>
    /// Extracts, normalises and loads a source. Packages that an earlier run left pending are loaded first (dlt documentation, Pipeline).
    /// If <see cref="PipelineOptions.ExtractAfterPending"/> is false, a run that finds such packages loads only those.
    /// </summary>
    /// <exception cref="DltException">A step failed; the message names the state that is left.</exception>
    /// <exception cref="OperationCanceledException">The program was started with <c>--plan</c>: it ends after its plan.</exception>
    public async Task<LoadInfo> RunAsync(Source source, CancellationToken cancellationToken = default)
    {
        if (ProgramPlan.Asked is not { } asked) return await LoadAsync(source, cancellationToken).ConfigureAwait(false);
        asked.Show(await PlanAsync(source, asked.Limit, cancellationToken).ConfigureAwait(false));
        throw new ProgramPlannedException();
    }

    private Task<LoadInfo> LoadAsync(Source source, CancellationToken cancellationToken) => FollowAsync(
        async run =>
        {
            if (_options.RunKey is not null) run.TakeUnended();
            var hasFinished = await run.FinishPendingAsync(run.Stopping).ConfigureAwait(false);
            if (!_options.ExtractAfterPending && (_options.RunKey is { } key ? run.Loaded.Has(key) : hasFinished))
            {
                _warn(_options.RunKey is null
                    ? $"Pipeline '{Name}' loaded the packages that an earlier run had left; the source was not asked for new data. "
                        + "Run again to load new data."
                    : "An earlier run, which did not end, had already packed the data of this run. That data is loaded now, once. "
                        + "Do not run it again.");
                return run.Info();
            }

            if (!_options.ExtractAfterPending && _options.RunKey is { } mine && run.Loaded.HasBeforeItChanged(mine))
            {
                _warn("An earlier run, which did not end, had packed these files as they were then, with the options that it had. That is "
                    + "loaded now, and nothing else. Run again to load them as they are now, in addition to those rows.");
                return run.Info();
            }

            if (!_options.ExtractAfterPending && _options.RunKey is not null && run.Loaded.HasWithoutKey())
            {
                _warn($"A load of an earlier version, which did not end, is loaded now: {run.Loaded.FinishedTables()}. It may have had the "
                    + "data of this run, so nothing else was loaded. If it had other data, run again.");
                return run.Info();
            }

            if (_options.RunKey is not null && run.Loaded.FinishedTables() is { Length: > 0 } finished)
                _warn($"A load that had not ended was finished first: {finished}. Do not repeat it.");
            await run.ExtractAsync(source, run.Stopping).ConfigureAwait(false);
            run.Normalize(run.Stopping);
            await run.LoadAsync(run.Stopping).ConfigureAwait(false);
            run.WarnOfTablesNotMade(source);
            return run.Info();
        },
        cancellationToken);

    /// <summary>Loads resources under the pipeline's default schema.</summary>
    /// <exception cref="DltException">A step failed; the message names the state that is left.</exception>
    public Task<LoadInfo> RunAsync(IEnumerable<Resource> resources, CancellationToken cancellationToken = default) =>
        RunAsync(new Source(DefaultSchemaName(), resources), cancellationToken);

    /// <summary>Loads one resource under the pipeline's default schema.</summary>
    /// <exception cref="DltException">A step failed; the message names the state that is left.</exception>
    public Task<LoadInfo> RunAsync(Resource resource, CancellationToken cancellationToken = default) =>
        RunAsync([resource], cancellationToken);

    /// <summary>
    /// Says what <see cref="RunAsync(Source, CancellationToken)"/> would do, and does nothing of it: the first pages of the source are read
    /// into a temporary folder, and the destination is only read. Generators of the source run; what they do elsewhere is not undone.
    /// </summary>
    /// <param name="source">The source.</param>
    /// <param name="limit">
    /// Largest number of pages of each resource that are read; null for all. Items that a generator yields one by one count as a page for
    /// each hundred, and a file that is read in place as a page for each 256 KiB.
    /// </param>
    /// <param name="cancellationToken">Stops the plan.</param>
    /// <returns>
    /// The plan. What would stop the run, such as a broken contract or a refused table, is in <see cref="RunPlan.Stop"/>.
    /// </returns>
    /// <exception cref="DltException">The source or the destination was not reached, or a setting is missing: there is no plan.</exception>
    public async Task<RunPlan> PlanAsync(Source source, int? limit = 1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (limit is < 1) throw new ArgumentOutOfRangeException(nameof(limit), limit, "A plan reads one page or more.");
        var own = _runs.NewFolder();
        using var folder = PlanFolder.Of(own);
        var warnings = new PlanWarnings();
        var runs = _runs.ForPlan(folder, limit, warnings.Add);
        var run = await runs.BeginAsync(cancellationToken, writes: false).ConfigureAwait(false);
        await using (run.ConfigureAwait(false)) return await run.PlanAsync(source, own.Pending, warnings).ConfigureAwait(false);
    }

    /// <summary>Says what a run of resources under the pipeline's default schema would do, and does nothing of it.</summary>
    /// <inheritdoc cref="PlanAsync(Source, int?, CancellationToken)"/>
    public Task<RunPlan> PlanAsync(IEnumerable<Resource> resources, int? limit = 1, CancellationToken cancellationToken = default) =>
        PlanAsync(new Source(DefaultSchemaName(), resources), limit, cancellationToken);

    /// <summary>Says what a run of one resource under the pipeline's default schema would do, and does nothing of it.</summary>
    /// <inheritdoc cref="PlanAsync(Source, int?, CancellationToken)"/>
    public Task<RunPlan> PlanAsync(Resource resource, int? limit = 1, CancellationToken cancellationToken = default) =>
        PlanAsync([resource], limit, cancellationToken);

    /// <summary>Loads the packages that earlier runs left pending. No source is extracted.</summary>
    /// <exception cref="DltException">
    /// A step failed, or a package was made for another location than the one this pipeline loads into. The message names the state that is
    /// left.
    /// </exception>
    public Task<LoadInfo> LoadPendingAsync(CancellationToken cancellationToken = default)
    {
        ProgramPlan.Refuse(nameof(LoadPendingAsync));
        return FollowAsync(
            async run =>
            {
                run.RefuseMisplaced();
                await run.FinishPendingAsync(run.Stopping).ConfigureAwait(false);
                return run.Info();
            },
            cancellationToken);
    }

    /// <summary>
    /// Replaces the state and schemas of the working folder with those of the newest committed load of the pipeline in the destination,
    /// like Python dlt's <c>pipeline sync</c>. Packages that are already loaded stay in the folder.
    /// </summary>
    /// <returns>False when the destination has no state of the pipeline; nothing was changed then.</returns>
    /// <exception cref="DltException">Packages wait to be loaded, or the destination cannot be read. Nothing was changed.</exception>
    public async Task<bool> SyncAsync(CancellationToken cancellationToken = default)
    {
        ProgramPlan.Refuse(nameof(SyncAsync));
        var run = await _runs.BeginAsync(cancellationToken, restores: false, writes: false).ConfigureAwait(false);
        await using (run.ConfigureAwait(false)) return await run.ReplaceStateAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Drops resources: their tables with all rows, and their state, in the destination and in the working folder. State and schemas are
    /// restored from the destination first. Other resources keep their tables and state (dlt documentation, Pipeline drop).
    /// </summary>
    /// <param name="selection">What to drop.</param>
    /// <param name="confirm">Called with the preview; false drops nothing.</param>
    /// <param name="cancellationToken">Stops the call. A drop that was begun is completed by the next run.</param>
    /// <returns>The preview, and the load that dropped; null when nothing is selected or <paramref name="confirm"/> declined.</returns>
    /// <exception cref="DltException">
    /// Packages wait to be loaded, the schema does not exist, or the load failed; the message names the state that is left.
    /// </exception>
    public async Task<(DropPreview Preview, LoadInfo? Load)> DropAsync(
        DropSelection selection, Func<DropPreview, bool> confirm, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(selection);
        ArgumentNullException.ThrowIfNull(confirm);
        ProgramPlan.Refuse(nameof(DropAsync));
        var run = await _runs.BeginAsync(cancellationToken, resets: true).ConfigureAwait(false);
        await using (run.ConfigureAwait(false))
        {
            var drop = ResourceDrop.Plan(run.Context, selection, DefaultSchemaName());
            if (drop.Preview.IsEmpty || !confirm(drop.Preview)) return (drop.Preview, null);
            return (drop.Preview, await run.FollowAsync(r => r.DropAsync(drop)).ConfigureAwait(false));
        }
    }

    /// <summary>
    /// Gives up the pending packages: what they have written is removed from the destination, and state and schemas are restored to those
    /// before the oldest of them.
    /// </summary>
    /// <param name="keepsObjects">True: the destination is not called, and what the packages have written stays there.</param>
    /// <param name="fromLoadId">Load id of the oldest package to give up, with those that are loaded with it and all later ones; null for
    /// all.</param>
    /// <param name="cancellationToken">Stops the call; the packages then stay pending.</param>
    /// <returns>The packages, oldest first; empty when none was pending.</returns>
    /// <exception cref="DltException">
    /// The pipeline is running, <paramref name="fromLoadId"/> is not pending, or objects cannot be removed. The packages stay pending; some
    /// of their objects may be gone.
    /// </exception>
    public async Task<IReadOnlyList<AbortedPackage>> AbortPackagesAsync(
        bool keepsObjects = false, string? fromLoadId = null, CancellationToken cancellationToken = default)
    {
        ProgramPlan.Refuse(nameof(AbortPackagesAsync));
        var isBegun = _runs.NewFolder().PendingFrom(fromLoadId).Exists(p => !StoppedStep.IsUnbegun(p));
        var connect = isBegun && !keepsObjects;
        var run = await _runs.BeginAsync(cancellationToken, connect, restores: false, resets: true).ConfigureAwait(false);
        await using (run.ConfigureAwait(false)) return await run.AbortPackagesAsync(fromLoadId).ConfigureAwait(false);
    }

    /// <summary>
    /// Begins a run, follows its steps and ends it. When the run is cancelled, the exception names the packages that are left.
    /// </summary>
    private async Task<LoadInfo> FollowAsync(Func<PipelineRun, Task<LoadInfo>> body, CancellationToken cancellationToken)
    {
        var trace = _runs.NewTrace();
        var steps = _runs.NewSteps(trace);
        LoadInfo? info = null;
        await steps.StepAsync(StepNames.Run, async () =>
        {
            try
            {
                var run = await _runs.BeginAsync(trace, steps, cancellationToken).ConfigureAwait(false);
                await using (run.ConfigureAwait(false)) info = await run.FollowAsync(body).ConfigureAwait(false);
            }
            catch (OperationCanceledException error) when (cancellationToken.IsCancellationRequested)
            {
                var pending = new WorkingFolder(WorkingFolder).Pending.Select(p => p.LoadId).Distinct();
                throw new PipelineStoppedException(Name, pending, error, cancellationToken);
            }

            return StepOutcomes.Of(info.Packages, null, info.Queries);
        }).ConfigureAwait(false);
        return info!;
    }

    /// <summary>Resolves the settings of the destination, so a missing setting is reported before any data is read.</summary>
    /// <exception cref="DltException">A setting is missing or invalid.</exception>
    public async Task CheckSettingsAsync()
    {
        var client = _runs.OpenDestination(DatasetName);
        await client.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc cref="PipelineRuns.BeginAsync(CancellationToken, bool, bool, bool, bool)"/>
    internal Task<PipelineRun> BeginAsync(
        CancellationToken cancellationToken, bool connect = true, bool restores = true, bool writes = true) =>
        _runs.BeginAsync(cancellationToken, connect, restores, writes);

    private string DefaultSchemaName() => _runs.NewFolder().LoadState()?.DefaultSchemaName ?? Schema.NameFromPipeline(Name);
}
