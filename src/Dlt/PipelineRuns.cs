using System.Globalization;
using Dlt.Configuration;
using Dlt.Destinations;
using Dlt.Internal;
using Dlt.Load;
using Dlt.Logging;
using Dlt.Packages;
using Dlt.Planning;
using Dlt.Settings;
using Dlt.State;
using Dlt.Tracing;

namespace Dlt;

/// <summary>
/// Begins the runs of one pipeline: resolves its names and settings once, and gives each run its folder, state, destination and observers.
/// </summary>
internal sealed class PipelineRuns
{
    private readonly Destination _given;
    private readonly string? _dataset;
    private readonly Destination _destination;
    private readonly PipelineOptions _options;
    private readonly DltConfiguration _configuration;
    private readonly SettingsLog _settingsLog = new();
    private readonly PipelineLog _log;
    private readonly OnceWarnings _settingsWarnings;
    private readonly PipelineSettings _settings;
    private readonly bool _isDevMode;
    private bool _isWiped;

    public PipelineRuns(string name, Destination destination, string? dataset, PipelineOptions options)
    {
        (_given, _dataset, _options) = (destination, dataset, options);
        _configuration = (options.Configuration ?? DltConfiguration.Load()).LoggedTo(_settingsLog);
        _log = new(options, _configuration, name);
        Name = name;
        _settingsWarnings = new(Warn);
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

    public string Name { get; }

    /// <summary>Name of the dataset, before the naming convention is applied.</summary>
    public string DatasetName { get; }

    /// <summary>Full path of the working folder.</summary>
    public string WorkingFolder { get; }

    /// <summary>The temporary folder of a plan; null for runs.</summary>
    private PlanFolder? Plan { get; init; }

    /// <summary>Largest number of pages of each resource that a plan reads; null for all.</summary>
    private int? PageLimit { get; init; }

    /// <summary>Reports a warning of the pipeline.</summary>
    public Action<string> Warn => _log.Warn;

    /// <summary>Returns runs of the same pipeline in a temporary folder, which write nothing outside of it.</summary>
    /// <param name="folder">The folder, with the state and schemas of the pipeline.</param>
    /// <param name="pageLimit">Largest number of pages of each resource that are read; null for all.</param>
    /// <param name="warn">Receives the warnings.</param>
    public PipelineRuns ForPlan(PlanFolder folder, int? pageLimit, Action<string> warn) =>
        new(Name, _given, _dataset, _options with
        {
            Configuration = _configuration,
            PipelinesFolder = folder.Pipelines,
            RunKey = null,
            Warn = warn,
        })
        { Plan = folder, PageLimit = pageLimit };

    /// <summary>Begins a run: takes the lock of the working folder, and what the run needs of its destination.</summary>
    /// <param name="cancellationToken">Stops the beginning and the run.</param>
    /// <param name="connect">False: the run does not use the destination.</param>
    /// <param name="restores">False: the run keeps the local state at first.</param>
    /// <param name="writes">False: the run writes nothing to the destination, so it takes no lease.</param>
    /// <param name="resets">True: the run does not go on from what sources keep, as a drop.</param>
    public Task<PipelineRun> BeginAsync(
        CancellationToken cancellationToken, bool connect = true, bool restores = true, bool writes = true, bool resets = false)
    {
        var trace = NewTrace();
        return BeginAsync(trace, NewSteps(trace), cancellationToken, connect, restores, writes, resets);
    }

    /// <summary>Begins a run whose trace and steps exist already.</summary>
    public async Task<PipelineRun> BeginAsync(
        RunTrace trace, RunSteps steps, CancellationToken cancellationToken, bool connect = true, bool restores = true, bool writes = true,
        bool resets = false)
    {
        var folder = NewFolder();
        var lease = new RunLease();
        var clients = connect ? new DatasetClients(name => Open(name, lease), DatasetName) : null;
        IDisposable? folderLock = null;
        PipelineRun? run = null;
        try
        {
            folderLock = await FolderLock
                .TakeAsync(WorkingFolder, Name, WaitsForLease, _options.Time, Warn, cancellationToken).ConfigureAwait(false);
            if (_isDevMode && !_isWiped) folder.Wipe();
            _isWiped = true;
            folder.Prepare();
            folder.DeleteAbandonedExtracts();
            folder.UnpackCompanions();
            var state = restores ? States.Open(folder) : States.OpenToReplace(folder);
            var context = NewContext(folder, state, clients?.Default.Location, steps.Observer, resets);
            clients?.DatasetOf = context.DatasetOf;
            run = new PipelineRun(context, _destination, clients, folderLock, _options, trace, steps, lease, cancellationToken);
            if (connect && writes) await run.TakeLeaseAsync(WaitsForLease, cancellationToken).ConfigureAwait(false);
            if (connect && restores && Restores) await run.BeginAsync().ConfigureAwait(false);
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

    /// <summary>Makes the trace of a run.</summary>
    public RunTrace NewTrace() => new(Name, _configuration, _settingsLog, _options.Time)
    {
        IsWritten = _settings.EnableRuntimeTrace && Plan is null,
    };

    /// <summary>Makes the steps of a run with all its observers. Spans begin first and end last.</summary>
    public RunSteps NewSteps(RunTrace trace) => new(Plan is null ? ObserversOf(trace) : Progress, _options.Time);

    private RunObservers ObserversOf(RunTrace trace) => new(
        new RunSpans(Name, DatasetName, _destination.Name),
        new RunMetrics(),
        trace,
        new RunLog(Name, _log.Logger, _configuration.Secrets.Hide),
        Progress);

    private ProgressObserver Progress => new(_options.Progress, Warn);

    /// <summary>Opens a dataset with a client that retries calls after transient failures.</summary>
    private RetryingClient Open(string dataset, RunLease lease) =>
        new(OpenDestination(dataset), new(_options.Time, Warn) { Waiting = _log.Waiting }, lease);

    /// <summary>Opens a dataset, which resolves the settings of the destination. It calls no service.</summary>
    /// <exception cref="DltException">A setting is missing or invalid.</exception>
    public IDestinationClient OpenDestination(string dataset) =>
        _destination.Open(new(Name, dataset, _configuration, _options.Time, Warn) 
        {
            WarnOfSettings = _settingsWarnings.Warn,
            PreviewFolder = Plan?.Destination,
        });

    private bool WaitsForLease => _options.WaitForLease ?? (ProgramWait.IsAsked || _settings.WaitForLease);

    private bool Restores => !_isDevMode && StoresState;

    private bool StoresState => _options.RestoreFromDestination ?? _settings.RestoreFromDestination;

    /// <summary>The working folder, with the command that gives up its packages.</summary>
    public WorkingFolder NewFolder()
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

    private RefreshMode? Refresh => _options.Refresh ?? RefreshSetting.Parse(_settings.Refresh);

    private StateOpener States =>
        new(Name, _destination, DatasetName, _configuration.Context.RunFolder, Warn) { IsDevMode = _isDevMode };

    private PipelineContext NewContext(WorkingFolder folder, PipelineState state, string? location, RunObserver observer, bool resets) =>
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
                Warn)
            { IsReadOnly = Plan is not null },
            Time = _options.Time,
            LoadIds = new(_options.Time, _options.LoadIds, Warn),
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
            PageLimit = PageLimit,
            Refresh = Refresh,
            Resets = resets || Refresh is not null,
            Warn = Warn,
            Waiting = _log.Waiting,
        };
}
