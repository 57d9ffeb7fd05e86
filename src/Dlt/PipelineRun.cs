using Dlt.Destinations;
using Dlt.Diagnostics;
using Dlt.Drop;
using Dlt.Extract;
using Dlt.Load;
using Dlt.Normalize;
using Dlt.Packages;
using Dlt.Planning;
using Dlt.Tracing;

namespace Dlt;

/// <summary>One run of a pipeline: holds the working folder's lock and the open destination.</summary>
internal sealed class PipelineRun(
    PipelineContext context, Destination destination, DatasetClients? clients, IDisposable folderLock, PipelineOptions options,
    RunTrace trace, RunSteps steps, RunLease lease, CancellationToken cancellation) : IAsyncDisposable
{
    private readonly CommittedState? _state = clients is null ? null : new(context, destination, clients);
    private CancellationTokenSource? _stop;
    private readonly StoppedStep _stopped = new(context.Folder, context.Folder.Abort, options.AbortFailedPackages);
    private bool _isOfEarlierRun;   // packages of an earlier run are being finished

    public PipelineContext Context => context;

    public List<ExtractInfo> Extracted { get; } = [];

    public List<NormalizeInfo> Normalized { get; } = [];

    /// <summary>The packages that count as loaded by this run.</summary>
    public LoadedPackages Loaded { get; } = new(context.Folder);

    /// <summary>Cancelled by the caller, and when the lease is lost.</summary>
    public CancellationToken Stopping => _stop?.Token ?? cancellation;

    /// <summary>Takes the lease of the pipeline, before anything of the destination is read.</summary>
    /// <exception cref="DltException">Another machine runs the pipeline. Nothing was changed.</exception>
    public Task TakeLeaseAsync(bool waits, CancellationToken cancellationToken) => WatchAsync(async () =>
    {
        var holder = new LeaseHolder(
            Environment.MachineName, Environment.ProcessId, Path.GetFullPath(context.Folder.Path), context.Folder.ReadOrCreateId());
        await lease.TakeAsync(clients!.Default, holder, waits, cancellationToken).ConfigureAwait(false);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation, lease.Lost);
        await new DatasetRecovery(context, clients, lease).RunAsync(Stopping).ConfigureAwait(false);
        return true;
    });

    /// <summary>Takes the state of schemas that have separate datasets.</summary>
    private Task<bool> TakeSeparateAsync(IReadOnlyCollection<string> schemas, CancellationToken cancellationToken) =>
        _state!.TakeSeparateAsync(schemas, new DatasetRecovery(context, clients!, lease), cancellationToken);

    /// <summary>
    /// Restores state and schemas from the destination when they are newer than the local ones (docs/spec/pipeline.md 10.5).
    /// </summary>
    public Task SyncAsync(CancellationToken cancellationToken) => steps.StepAsync(StepNames.Sync, async () =>
    {
        var isTaken = await _state!.TakeAsync(cancellationToken).ConfigureAwait(false);
        isTaken |= await TakeSeparateAsync([.. context.State.SchemaNames], cancellationToken).ConfigureAwait(false);
        if (await _state.FollowAsync(cancellationToken).ConfigureAwait(false))
        {
            isTaken = true;
            await TakeSeparateAsync([.. context.State.SchemaNames], cancellationToken).ConfigureAwait(false);
        }

        return isTaken ? StepOutcome.None : null;
    });

    /// <summary>Runs the first step, the synchronisation. When it fails, no other step runs.</summary>
    public Task BeginAsync() => WatchAsync(async () =>
    {
        await SyncAsync(Stopping).ConfigureAwait(false);
        return true;
    });

    /// <summary>Restores state and schemas from the destination even when the local ones are newer.</summary>
    /// <returns>False when the destination has none.</returns>
    /// <exception cref="DltException">Packages wait to be loaded, and the local state belongs to them. Nothing was replaced.</exception>
    public Task<bool> ReplaceStateAsync(CancellationToken cancellationToken) => _state!.ReplaceAsync(cancellationToken);

    /// <summary>Drops in the destination and in the working folder.</summary>
    public async Task<LoadInfo> DropAsync(ResourceDrop drop)
    {
        await clients!.Of(drop.Schema.Name).CheckAsync(drop.Schema, [], dropsTables: true, Stopping).ConfigureAwait(false);
        context.LoadIds.StayAbove(await clients.Default.HighestLoadIdAsync(Stopping).ConfigureAwait(false));
        DropPackage.Write(context, drop);
        Normalize(Stopping);
        await LoadAsync(Stopping).ConfigureAwait(false);
        return Info();
    }

    /// <summary>Makes a plan in the temporary folder of this run. The datasets are opened for a preview.</summary>
    /// <param name="source">The source.</param>
    /// <param name="pending">Packages that the run would load first.</param>
    /// <param name="warnings">Receives the warnings of the steps.</param>
    public async Task<RunPlan> PlanAsync(Source source, IReadOnlyList<LoadPackage> pending, PlanWarnings warnings)
    {
        var plan = await new PlanStep(context, clients!, pending, warnings).RunAsync(Bound(source), Stopping).ConfigureAwait(false);
        return plan with { DestinationName = destination.Name, IsRestored = _state?.IsRestored == true };
    }

    /// <summary>The source with the settings of the run.</summary>
    private Source Bound(Source source) => source.Bind?.Invoke(source, context.Configuration, context.Name) ?? source;

    /// <summary>Gives up the pending packages; without a destination, what they have written stays there.</summary>
    public Task<List<AbortedPackage>> AbortPackagesAsync(string? from) =>
        NameLossAsync(() => new PackageAbort(context.Folder, clients).RunAsync(from, Stopping));

    /// <summary>Takes over the packages that an earlier run loaded and, because it was killed, did not report.</summary>
    public void TakeUnended() =>
        Loaded.AddUnended(clients!.Default.Location, context.Capabilities.MaxIdentifierLength, context.Time.GetUtcNow());

    /// <summary>Loads the packages that an earlier run left.</summary>
    /// <returns>True when they held data, not only state.</returns>
    public async Task<bool> FinishPendingAsync(CancellationToken cancellationToken)
    {
        if (!context.Folder.HasPending) return false;
        _isOfEarlierRun = true;
        try
        {
            context.Folder.RemoveNormalized();
            if (options.AbortFailedPackages) GiveUpMisplaced();
            if (_state is not null) await _state.SetAsideAsync(cancellationToken).ConfigureAwait(false);
            foreach (var package in WorkingFolder.Packages(context.Folder.Extracted)) ExtractCommit.Complete(context, package);
            Normalize(cancellationToken);
            await LoadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DltException error)
        {
            _stopped.GiveUpOrKeep(error, isOfThisRun: false);
            if (!_stopped.HasGivenUp) throw;
            // a package of an earlier run does not stop this run
            context.Warn($"A package of an earlier run was given up, and this run continues without it: {error.Finding} No other "
                + "package waits; state and schemas are as they were before that run.");
            context.State = context.OpenState();
        }
        finally
        {
            _isOfEarlierRun = false;
        }

        // The earlier run may have ended before it saved its state here; the state is now at the destination, with the packages.
        if (context.RestoreFromDestination) await SyncAsync(cancellationToken).ConfigureAwait(false);
        return Loaded.HasData;
    }

    /// <summary>Refuses to load packages into another location than they were made for.</summary>
    /// <exception cref="DltException">A package was made for another location. Nothing was loaded.</exception>
    public void RefuseMisplaced() =>
        new MisplacedPackages(context.Folder, clients!.Default.Location, context.Folder.Abort).Refuse();

    private void GiveUpMisplaced()
    {
        if (clients is null) return;
        var misplaced = new MisplacedPackages(context.Folder, clients.Default.Location, context.Folder.Abort);
        if (misplaced.GiveUp() is not { } warning) return;
        context.Warn(warning);
        context.State = context.OpenState();
    }

    /// <summary>Warns about tables of the source that do not exist after the run.</summary>
    public void WarnOfTablesNotMade(Source source)
    {
        var missing = TablesNotMade.Of(source, context.Folder.LoadSchema(source.Name, context.Capabilities.MaxIdentifierLength));
        if (missing.Count > 0) context.Warn(TablesNotMade.Describe(missing));
    }

    public Task ExtractAsync(Source source, CancellationToken cancellationToken) => steps.StepAsync(StepNames.Extract, async () =>
    {
        source = Bound(source);
        if (context.RestoreFromDestination && clients is not null && !context.State.SchemaNames.Contains(source.Name))
            await TakeSeparateAsync([source.Name], cancellationToken).ConfigureAwait(false);
        if (clients is not null)
            context.LoadIds.StayAbove(await clients.Of(source.Name).HighestLoadIdAsync(cancellationToken).ConfigureAwait(false));
        var info = await new ExtractStep(context, clients?.Of(source.Name)).RunAsync(source, cancellationToken).ConfigureAwait(false);
        Extracted.Add(info);
        return StepOutcomes.Of(info);
    });

    public void Normalize(CancellationToken cancellationToken) => steps.Step(StepNames.Normalize, () =>
    {
        var step = new NormalizeStep(context) { RowIds = options.RowIds };
        try
        {
            var infos = step.Run(cancellationToken);
            Normalized.AddRange(infos);
            return StepOutcomes.Of(infos);
        }
        catch (DltException error)
        {
            _stopped.GiveUpOrKeep(error, !_isOfEarlierRun);
            throw;
        }
    });

    public Task LoadAsync(CancellationToken cancellationToken) => steps.StepAsync(StepNames.Load, async () =>
    {
        List<LoadPackageInfo> packages;
        try
        {
            packages = await new LoadStep(context, clients!.Of).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DltException error)
        {
            await GiveUpOrKeepAsync(error, cancellationToken).ConfigureAwait(false);
            throw;
        }

        Loaded.Add(packages);
        if (packages.Count == 0) return null;
        if (context.State.Local is { IsFirstRun: true } local) context.SaveState(context.State.With(local.WithoutFirstRun()));
        return StepOutcomes.Of([.. packages], Target, clients.Usage);
    });

    /// <summary>
    /// Completes the error that stopped a load. A package of this run that no run can ever load is given up, with what it has written.
    /// </summary>
    private async Task GiveUpOrKeepAsync(DltException error, CancellationToken cancellationToken)
    {
        if (!_isOfEarlierRun && _stopped.IsFutile(error))
        {
            try
            {
                var aborted = await new PackageAbort(context.Folder, clients).RunAsync(null, cancellationToken).ConfigureAwait(false);
                _stopped.NoteGivenUp(error, aborted[0]);
                return;
            }
            catch (DltException failure)
            {
                // The error of the load is the one to report.
                context.Warn($"The package of this run could not be given up: {failure.Message}");
            }
        }

        _stopped.GiveUpOrKeep(error, !_isOfEarlierRun);
    }

    private LoadTarget Target => new(destination.Name, context.DatasetName, clients!.Default.Location);

    /// <summary>Runs the steps and saves their trace, also when a step fails.</summary>
    public Task<LoadInfo> FollowAsync(Func<PipelineRun, Task<LoadInfo>> body) => WatchAsync(async () =>
    {
        var info = await body(this).ConfigureAwait(false);
        Loaded.EndRun();
        SaveTrace(StepOutcomes.Of(info.Packages, Target, info.Queries), null);
        return info;
    });

    /// <summary>Does a part of the run. When it fails, the trace is saved.</summary>
    private async Task<T> WatchAsync<T>(Func<Task<T>> part)
    {
        try
        {
            return await NameLossAsync(part).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            SaveTrace(null, error);
            throw;
        }
        finally
        {
            if (clients?.Usage is { Queries: > 0 } queries) RunInstruments.CountQueries(queries);
        }
    }

    /// <summary>Does a part of the run. When the lease is lost, that is the error, not the cancellation that stopped the work.</summary>
    private async Task<T> NameLossAsync<T>(Func<Task<T>> part)
    {
        try
        {
            return await part().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested && lease.Loss is not null)
        {
            _stopped.GiveUpOrKeep(lease.Loss);
            throw lease.Loss;
        }
    }

    private void SaveTrace(StepOutcome? outcome, Exception? error)
    {
        if (trace.IsWritten) new TraceFile(context.Folder).WriteOrWarn(trace.End(outcome, error), context.Warn);
    }

    public LoadInfo Info() => new()
    {
        PipelineName = context.Name,
        DestinationName = destination.Name,
        DatasetName = context.DatasetName,
        Location = clients!.Default.Location,
        LocalFolder = clients.Default.LocalFolder,
        HasOwnDestination = destination.HasOwnName,
        StartedAt = trace.StartedAt,
        FinishedAt = context.Time.GetUtcNow(),
        RestoredFromDestination = _state?.IsRestored == true,
        Steps = trace.Completed,
        Packages = [.. Loaded.All.Select(p => p with { Dataset = clients.PlaceOf(p.SchemaName) })],
        Queries = clients.Usage,
        SkippedAlone = [.. Extracted.Where(e => Loaded.All.All(p => p.LoadId != e.LoadId)).SelectMany(e => e.Skipped)],
    };

    public async ValueTask DisposeAsync()
    {
        try
        {
            await lease.DisposeAsync().ConfigureAwait(false);
            if (clients is not null) await clients.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            _stop?.Dispose();
            folderLock.Dispose();   // also after an error, so the next run of this process can start
        }
    }
}
