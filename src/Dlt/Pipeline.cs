using System.Globalization;
using Dlt.Configuration;
using Dlt.Destinations;
using Dlt.Diagnostics;
using Dlt.Internal;
using Dlt.Load;
using Dlt.Logging;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.Settings;
using Dlt.State;
using Dlt.Tracing;

namespace Dlt;

/// <summary>
/// A named working folder, a destination and a dataset: extracts, normalises and loads sources (dlt documentation, Pipeline).
/// </summary>
public sealed class Pipeline
{
    private readonly Destination _destination;
    private readonly PipelineOptions _options;
    private readonly DltConfiguration _configuration;
    private readonly SettingsLog _settingsLog = new();
    private readonly PipelineLog _log;
    private readonly Action<string> _warn;
    private readonly OnceWarnings _settingsWarnings;
    private readonly PipelineSettings _settings;
    private readonly bool _isDevMode;
    private bool _isWiped;

    private Pipeline(string name, Destination destination, string? dataset, PipelineOptions options)
    {
        FileNameComponent.Check(name, "pipeline name");
        _options = options;
        _configuration = (options.Configuration ?? DltConfiguration.Load()).LoggedTo(_settingsLog);
        _log = new(options, _configuration, name);
        _warn = _log.Warn;
        Name = name;
        _settingsWarnings = new(_warn);
        _settings = new(_configuration, name, _settingsWarnings.Warn);
        _destination = _settings.DestinationName is { } named ? destination.Named(named) : destination;
        DatasetName = dataset ?? _settings.DatasetName ?? name + "_dataset";
        if (string.IsNullOrWhiteSpace(DatasetName))
        {
            throw new DltException($"The dataset of pipeline '{name}' has a blank name. "
                + $"Nothing was run. Name it, or leave it out for '{name}_dataset'.");
        }
        _isDevMode = options.DevMode ?? _settings.DevMode;
        if (_isDevMode)
        {
            var stamp = options.Time.GetUtcNow().ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
            DatasetName = $"{DatasetName.TrimEnd('_')}_{stamp}";
        }
        var folder = options.PipelinesFolder ?? destination.PipelinesFolder ?? _configuration.Context.PipelinesFolder;
        WorkingFolder = Path.Combine(folder, name);
    }

    /// <summary>Name of the pipeline, and of its working folder.</summary>
    public string Name { get; }

    /// <summary>Name of the dataset, before the naming convention is applied.</summary>
    public string DatasetName { get; }

    /// <summary>Full path of the folder that holds the state, schemas and packages of the pipeline.</summary>
    public string WorkingFolder { get; }

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
    public Task<LoadInfo> RunAsync(Source source, CancellationToken cancellationToken = default) => RunAsync(
        async run =>
        {
            if (_options.RunKey is not null) run.TakeUnended();
            var hasFinished = await run.FinishPendingAsync(run.Stopping).ConfigureAwait(false);
            if (!_options.ExtractAfterPending && (_options.RunKey is { } key ? run.HasLoaded(key) : hasFinished))
            {
                _warn(_options.RunKey is null
                    ? $"Pipeline '{Name}' loaded the packages that an earlier run had left; the source was not asked for new data. "
                        + "Run again to load new data."
                    : "An earlier run, which did not end, had already packed the data of this run. That data is loaded now, once. "
                        + "Do not run it again.");
                return run.Info();
            }

            if (!_options.ExtractAfterPending && _options.RunKey is { } mine && run.HasLoadedBeforeItChanged(mine))
            {
                _warn("An earlier run, which did not end, had packed these files as they were then, with the options that it had. That is "
                    + "loaded now, and nothing else. Run again to load them as they are now, in addition to those rows.");
                return run.Info();
            }

            if (_options.RunKey is not null && run.FinishedTables() is { Length: > 0 } finished)
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

    /// <summary>Loads the packages that earlier runs left pending. No source is extracted.</summary>
    /// <exception cref="DltException">
    /// A step failed, or a package was made for another location than the one this pipeline loads into. The message names the state that is
    /// left.
    /// </exception>
    public Task<LoadInfo> LoadPendingAsync(CancellationToken cancellationToken = default) => RunAsync(
        async run =>
        {
            run.RefuseMisplaced();
            await run.FinishPendingAsync(run.Stopping).ConfigureAwait(false);
            return run.Info();
        },
        cancellationToken);

    /// <summary>
    /// Replaces the state and schemas of the working folder with those of the newest committed load of the pipeline in the destination,
    /// like Python dlt's <c>pipeline sync</c>. Packages that are already loaded stay in the folder.
    /// </summary>
    /// <returns>False when the destination has no state of the pipeline; nothing was changed then.</returns>
    /// <exception cref="DltException">Packages wait to be loaded, or the destination cannot be read. Nothing was changed.</exception>
    public async Task<bool> SyncAsync(CancellationToken cancellationToken = default)
    {
        var run = await BeginAsync(cancellationToken, restores: false, writes: false).ConfigureAwait(false);
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
        var run = await BeginAsync(cancellationToken).ConfigureAwait(false);
        await using (run.ConfigureAwait(false))
        {
            var drop = run.PlanDrop(selection, DefaultSchemaName());
            if (drop.Preview.IsEmpty || !confirm(drop.Preview)) return (drop.Preview, null);
            return (drop.Preview, await run.FollowAsync(r => r.DropAsync(drop)).ConfigureAwait(false));
        }
    }

    /// <summary>
    /// Gives up the pending packages: what they have written is removed from the destination, and state and schemas are restored to those
    /// before the oldest of them.
    /// </summary>
    /// <param name="keepsObjects">True: the destination is not called, and what the packages have written stays there.</param>
    /// <param name="cancellationToken">Stops the call; the packages then stay pending.</param>
    /// <returns>The packages, oldest first; empty when none was pending.</returns>
    /// <exception cref="DltException">
    /// The pipeline is running, or objects cannot be removed. The packages stay pending; some of their objects may be gone.
    /// </exception>
    public async Task<IReadOnlyList<AbortedPackage>> AbortPackagesAsync(
        bool keepsObjects = false, CancellationToken cancellationToken = default)
    {
        var isBegun = NewFolder().Pending.Exists(p => !StoppedStep.IsUnbegun(p));
        var run = await BeginAsync(cancellationToken, connect: isBegun && !keepsObjects, restores: false).ConfigureAwait(false);
        await using (run.ConfigureAwait(false)) return await run.AbortPackagesAsync().ConfigureAwait(false);
    }

    /// <summary>
    /// Begins a run, follows its steps and ends it. When the run is cancelled, the exception names the packages that are left.
    /// </summary>
    private async Task<LoadInfo> RunAsync(Func<PipelineRun, Task<LoadInfo>> body, CancellationToken cancellationToken)
    {
        var trace = NewTrace();
        var steps = NewSteps(trace);
        LoadInfo? info = null;
        await steps.StepAsync(StepNames.Run, async () =>
        {
            try
            {
                var run = await BeginAsync(trace, steps, cancellationToken).ConfigureAwait(false);
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
        var client = _destination.Open(new(Name, DatasetName, _configuration, _options.Time, _warn)
        { WarnOfSettings = _settingsWarnings.Warn });
        await client.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Begins a run: takes the lock of the working folder, and what the run needs of its destination.</summary>
    /// <param name="cancellationToken">Stops the beginning and the run.</param>
    /// <param name="connect">False: the run does not use the destination.</param>
    /// <param name="restores">False: the run keeps the local state at first.</param>
    /// <param name="writes">False: the run writes nothing to the destination, so it takes no lease.</param>
    internal Task<PipelineRun> BeginAsync(
        CancellationToken cancellationToken, bool connect = true, bool restores = true, bool writes = true)
    {
        var trace = NewTrace();
        return BeginAsync(trace, NewSteps(trace), cancellationToken, connect, restores, writes);
    }

    private async Task<PipelineRun> BeginAsync(
        RunTrace trace, RunSteps steps, CancellationToken cancellationToken, bool connect = true, bool restores = true, bool writes = true)
    {
        var folder = NewFolder();
        var lease = new RunLease();
        var clients = connect ? new DatasetClients(name => Open(name, lease), DatasetName) : null;
        IDisposable? folderLock = null;
        PipelineRun? run = null;
        try
        {
            folderLock = FolderLock.Take(WorkingFolder, Name);
            if (_isDevMode && !_isWiped) folder.Wipe();
            _isWiped = true;
            folder.Prepare();
            folder.DeleteAbandonedExtracts();
            folder.UnpackCompanions();
            var state = restores ? States.Open(folder) : States.OpenToReplace(folder);
            var context = NewContext(folder, state, clients?.Default.Location, steps.Observer);
            clients?.DatasetOf = context.DatasetOf;
            run = new PipelineRun(context, _destination, clients, folderLock, _options, trace, steps, lease, cancellationToken);
            if (connect && writes) await run.TakeLeaseAsync(WaitsForLease, cancellationToken).ConfigureAwait(false);
            if (connect && restores && Restores) await run.BeginAsync(cancellationToken).ConfigureAwait(false);
            return run;
        }
        catch
        {
            if (run is not null) await run.DisposeAsync().ConfigureAwait(false);
            else
            {
                folderLock?.Dispose();
                if (clients is not null) await clients.DisposeAsync().ConfigureAwait(false);
            }

            throw;
        }
    }

    private RunTrace NewTrace() => new(Name, _configuration, _settingsLog, _options.Time)
    {
        IsWritten = _settings.EnableRuntimeTrace,
    };

    /// <summary>Makes the steps of a run with all its observers. Spans begin first and end last.</summary>
    private RunSteps NewSteps(RunTrace trace) => new(
        new RunObservers(
            new RunSpans(Name, DatasetName, _destination.Name),
            new RunMetrics(),
            trace,
            new RunLog(Name, _log.Logger, _configuration.Secrets.Hide),
            new ProgressObserver(_options.Progress, _warn)),
        _options.Time);

    /// <summary>Opens a dataset with a client that retries calls after transient failures.</summary>
    private RetryingClient Open(string dataset, RunLease lease)
    {
        var context = new DestinationContext(Name, dataset, _configuration, _options.Time, _warn)
        {
            WarnOfSettings = _settingsWarnings.Warn,
        };
        return new(_destination.Open(context), new(_options.Time, _warn), lease);
    }

    private bool WaitsForLease => _options.WaitForLease ?? _settings.WaitForLease;

    private bool Restores => !_isDevMode && StoresState;

    private bool StoresState => _options.RestoreFromDestination ?? _settings.RestoreFromDestination;

    private string DefaultSchemaName() => NewFolder().LoadState()?.DefaultSchemaName ?? Schema.NameFromPipeline(Name);

    private WorkingFolder NewFolder()
    {
        var parent = Path.GetDirectoryName(WorkingFolder)!;
        var isUsual = _options.PipelinesFolder is null
            || Path.GetFullPath(parent) == Path.GetFullPath(_destination.PipelinesFolder ?? _configuration.Context.PipelinesFolder);
        return new(WorkingFolder)
        {
            Abort = new(Name)
            {
                IsLocal = _destination.PipelinesFolder is not null,
                PipelinesFolder = isUsual ? null : Path.GetFullPath(parent),
                Dataset = DatasetName,
            },
        };
    }

    private StateOpener States =>
        new(Name, _destination, DatasetName, _configuration.Context.RunFolder, _warn) { IsDevMode = _isDevMode };

    private PipelineContext NewContext(WorkingFolder folder, PipelineState state, string? location, RunObserver observer) =>
        new()
        {
            Name = Name,
            Configuration = _configuration,
            Capabilities = _destination.CapabilitiesOf(_configuration, Name),
            Folder = folder,
            Settings = new(_configuration, Name, _settingsWarnings.Warn),
            Schemas = new(
                folder,
                _options.ImportSchemaPath ?? _settings.ImportSchemaPath,
                _options.ExportSchemaPath ?? _settings.ExportSchemaPath,
                _warn),
            Time = _options.Time,
            LoadIds = new(_options.Time, _options.LoadIds, _warn),
            Observer = observer,
            Logger = _log.Logger,
            State = state,
            OpenState = () => States.Open(folder),
            RunKey = _options.RunKey,
            Location = location,
            MaxRejects = _options.MaxRejects,
            DatasetName = DatasetName,
            RestoreFromDestination = Restores,
            StoresState = StoresState,
            UseSingleDataset = _settings.UseSingleDataset,
            HttpHandler = _options.HttpHandler,
            KeepRejects = _options.KeepRejects,
            Refresh = _options.Refresh ?? RefreshSetting.Parse(_settings.Refresh),
            Warn = _warn,
        };
}
