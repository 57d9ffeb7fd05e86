using System.Globalization;
using Dlt.Destinations;
using Dlt.Extract;
using Dlt.Json;
using Dlt.Load;
using Dlt.Normalize;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.State;

namespace Dlt;

/// <summary>One run of a pipeline: holds the working folder's lock and the open destination.</summary>
internal sealed class PipelineRun(PipelineContext context, Destination destination, DatasetClients? clients, IDisposable folderLock,
    PipelineOptions options) : IAsyncDisposable
{
    private readonly DateTimeOffset _started = context.Time.GetUtcNow();
    private readonly List<LoadedPackage> _loaded = [];
    private readonly List<StepInfo> _steps = [];
    private readonly StoppedStep _stopped = new(context.Folder, context.Folder.Abort, options.GivesUpFailedPackages);
    private bool _isRestored;

    public PipelineContext Context => context;

    public List<ExtractInfo> Extracted { get; } = [];

    public List<NormalizeInfo> Normalized { get; } = [];

    /// <summary>Takes state and schemas from the destination when they are newer than the local ones (spec/pipeline.md 10.5).</summary>
    public async Task SyncAsync(CancellationToken cancellationToken)
    {
        var remote = await clients!.Default.GetStoredStateAsync(cancellationToken).ConfigureAwait(false);
        if (remote is null)
        {
            await ForgetDroppedDatasetAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        var state = StateJson.Migrate(remote.State);
        var localVersion = context.State["_state_version"]!.AsInt64();
        var isNewer = state["_state_version"]!.AsInt64() >= localVersion && !Equals(state["_version_hash"], context.State["_version_hash"]);
        var names = (state["schema_names"] is { Kind: JsonKind.Array } known ? known.Items : []).Select(n => n.AsString());
        if (!isNewer)
        {
            await DownloadSchemasAsync(names.Except(context.Folder.SchemaNames()), cancellationToken).ConfigureAwait(false);
            return;
        }

        _isRestored = true;
        context.Folder.DeleteSchemas();
        await DownloadSchemasAsync(names, cancellationToken).ConfigureAwait(false);
        var local = (context.State["_local"] ?? JsonValue.EmptyObject)
            .With("first_run", JsonValue.Bool(false))
            .With("_last_extracted_hash", state["_version_hash"]!);
        context.SaveState(state.With("_local", local).With("dataset_name", context.State["dataset_name"]!));
    }

    /// <summary>Loads packages that an earlier run left.</summary>
    /// <returns>True when they held data, not only state.</returns>
    public async Task<bool> FinishPendingAsync(CancellationToken cancellationToken)
    {
        if (!context.Folder.HasPending) return false;
        try
        {
            context.Folder.RemoveNormalized();
            if (options.GivesUpFailedPackages) GiveUpMisplaced();
            foreach (var package in WorkingFolder.Packages(context.Folder.Extracted)) CompleteExtract(package);
            Normalize(cancellationToken);
            await LoadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DltException error)
        {
            _stopped.Explain(error, isOfThisRun: false);
            if (!_stopped.HasGivenUp) throw;
            // what an earlier run left does not stop this one
            context.Warn($"A package of an earlier run was given up, and this run goes on without it: {error.Finding} Nothing else of "
                + "it waits; state and schemas are as before it.");
            context.State = context.OpenState();
        }

        // The run that left them may have ended before it saved its state here; with the packages it came to the destination.
        if (context.RestoreFromDestination) await SyncAsync(cancellationToken).ConfigureAwait(false);
        return _loaded.Exists(p => p.RowCounts.Keys.Any(t => !SystemTables.IsSystemTable(t)));
    }

    private void GiveUpMisplaced()
    {
        if (clients is null
            || new MisplacedPackages(context.Folder, clients.Default.Location, context.Folder.Abort).GiveUp() is not { } warning) return;
        context.Warn(warning);
        context.State = context.OpenState();
    }

    /// <summary>What was loaded so far, by tables without nested ones: <c>big (1500000 rows)</c>; empty for nothing.</summary>
    public string FinishedTables()
    {
        var rows = Info().RowCounts.Where(t => t.Value > 0 && !SystemTables.IsSystemTable(t.Key)).ToList();
        return string.Join(", ", rows
            .Where(t => !rows.Exists(parent => t.Key.StartsWith(parent.Key + "__", StringComparison.Ordinal)))
            .Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Key} ({t.Value} {(t.Value == 1 ? "row" : "rows")})")));
    }

    /// <summary>True when what this run is for was in a package that an earlier run had left.</summary>
    public bool HasLoaded(string runKey) => _loaded.Exists(p => p.RunKey == runKey);

    /// <summary>True when that was what this run is for, as it was before it changed.</summary>
    public bool HasLoadedBeforeItChanged(string runKey) =>
        _loaded.Exists(p => p.RunKey is { } other && RunKey.AreForTheSame(runKey, other));

    /// <summary>Says which tables of the source are not there after the run.</summary>
    public void TellTablesNotMade(Source source)
    {
        var missing = TablesNotMade.Of(source, context.Folder.LoadSchema(source.Name, context.Capabilities.MaxIdentifierLength));
        if (missing.Count > 0) context.Warn(TablesNotMade.Describe(missing));
    }

    /// <summary>A run that ended right after its package had moved did not save schema and state any more.</summary>
    private void CompleteExtract(LoadPackage package)
    {
        var schema = package.LoadSchema(context.Capabilities.MaxIdentifierLength);
        var stored = context.Folder.LoadSchema(schema.Name, context.Capabilities.MaxIdentifierLength);
        if (stored is null || schema.PreviousHashes.Contains(stored.VersionHash)) context.Schemas.SaveExtracted(schema);
        if (package.NewPipelineState is { } state && state["_state_version"]!.AsInt64() > context.State["_state_version"]!.AsInt64())
            context.SaveState(state);
    }

    public async Task ExtractAsync(Source source, CancellationToken cancellationToken)
    {
        var started = context.Time.GetUtcNow();
        if (clients is not null)
            context.LoadIds.StayAbove(await clients.Of(source.Name).HighestLoadIdAsync(cancellationToken).ConfigureAwait(false));
        Extracted.Add(await new ExtractStep(context, clients?.Of(source.Name)).RunAsync(source, cancellationToken).ConfigureAwait(false));
        _steps.Add(new("extract", started, context.Time.GetUtcNow()));
    }

    public void Normalize(CancellationToken cancellationToken)
    {
        var started = context.Time.GetUtcNow();
        var step = new NormalizeStep(context) { RowIds = options.RowIds };
        try
        {
            Normalized.AddRange(step.Run(cancellationToken));
        }
        catch (DltException error)
        {
            _stopped.Explain(error);
            throw;
        }

        _steps.Add(new("normalize", started, context.Time.GetUtcNow()));
    }

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var started = context.Time.GetUtcNow();
        List<LoadedPackage> packages;
        try
        {
            packages = await new LoadStep(context, clients!.Of).RunAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (DltException error)
        {
            _stopped.Explain(error);
            throw;
        }

        _loaded.AddRange(packages);
        if (packages.Count > 0) _steps.Add(new("load", started, context.Time.GetUtcNow()));
        if (packages.Count > 0 && context.State["_local"]?["first_run"] is { Kind: JsonKind.True })
            context.SaveState(context.State.With("_local", context.State["_local"]!.With("first_run", JsonValue.Bool(false))));
    }

    public LoadInfo Info() => new()
    {
        PipelineName = context.Name,
        DestinationName = destination.Name,
        DatasetName = context.DatasetName,
        Location = clients!.Default.Location,
        LocalFolder = clients.Default.LocalFolder,
        QueryName = clients.Default.QueryName,
        StartedAt = _started,
        FinishedAt = context.Time.GetUtcNow(),
        RestoredFromDestination = _isRestored,
        Steps = [.. _steps],
        Packages = [.. _loaded.Select(InfoOf)],
    };

    private static LoadPackageInfo InfoOf(LoadedPackage package) =>
        new(package.LoadId, package.SchemaName, package.SchemaHash, package.RowCounts, package.Jobs, package.StartedAt, package.FinishedAt)
        {
            Changes = package.Changes,
        };

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (clients is not null) await clients.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            folderLock.Dispose();   // whatever the destination does, the next run of this process may begin
        }
    }

    /// <summary>A dataset that somebody dropped resets the pipeline, unless packages wait to be loaded (spec/pipeline.md 15.2).</summary>
    private async Task ForgetDroppedDatasetAsync(CancellationToken cancellationToken)
    {
        if (context.State["_local"]?["first_run"] is not { Kind: JsonKind.False } || context.Folder.HasPending) return;
        if (await clients!.Default.DatasetExistsAsync(cancellationToken).ConfigureAwait(false)) return;
        context.Warn($"Dataset '{context.DatasetName}' is gone from the destination. Pipeline '{context.Name}' starts from the "
            + "beginning: its local state and schemas were reset.");
        context.Folder.DeleteSchemas();
        context.SaveState(StateJson.Bump(PipelineState.New(context.Configuration.Context.RunFolder, context.Name)
            .With("dataset_name", context.State["dataset_name"]!)
            .With("destination_type", context.State["destination_type"]!)
            .With("destination_name", JsonValue.Null)
            .With("staging_type", context.State["staging_type"]!)
            .With("staging_name", JsonValue.Null)
            .With("schema_names", JsonValue.EmptyArray)));
    }

    private async Task DownloadSchemasAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
        {
            var schema = await clients!.Of(name).GetStoredSchemaAsync(name, cancellationToken).ConfigureAwait(false);
            if (schema is null) context.Warn($"Schema '{name}' is named in the state but not in the destination's _dlt_version; it "
                + "starts empty.");
            else context.Schemas.Save(schema);
        }
    }
}
