using Dlt.Packages;
using Dlt.Schemas;
using Dlt.State;

namespace Dlt.Load;

/// <summary>The committed state of a pipeline, and how the working folder follows it (docs/spec/pipeline.md 10.5).</summary>
/// <param name="context">The pipeline.</param>
/// <param name="destination">Its destination.</param>
/// <param name="clients">The open datasets.</param>
internal sealed class CommittedState(PipelineContext context, Destination destination, DatasetClients clients)
{
    private PipelineState? _committed;

    /// <summary>True after the local state was replaced.</summary>
    public bool IsRestored { get; private set; }

    /// <summary>Restores state and schemas when those of the destination are newer than the local ones.</summary>
    /// <returns>True when the state was replaced.</returns>
    public async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        var remote = await clients.Default.GetStoredStateAsync(cancellationToken).ConfigureAwait(false);
        _committed = remote is null ? null : new PipelineState(remote.State).Migrated();
        context.CommittedHash = _committed?.VersionHash;
        if (remote is null)
        {
            await ForgetUncommittedAsync(cancellationToken).ConfigureAwait(false);
            return false;
        }

        var state = _committed!;
        if (state.Version < context.State.Version || state.VersionHash == context.State.VersionHash)
        {
            var missing = state.SchemaNames.Except(context.Folder.SchemaNames());
            var schemas = await DownloadSchemasAsync(missing, cancellationToken).ConfigureAwait(false);
            foreach (var schema in schemas) context.Schemas.Save(schema);
            return false;
        }

        await ReplaceAsync(state, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Takes the state of schemas with separate datasets (<c>use_single_dataset = false</c>) where it is newer. Each load writes the whole
    /// state of the pipeline into the dataset of its schema, and the highest version is the committed one.
    /// </summary>
    /// <param name="schemas">The schemas.</param>
    /// <param name="recovery">Completes or undoes what an earlier run left in a dataset.</param>
    /// <param name="cancellationToken">Stops; the local state may have been replaced.</param>
    /// <returns>True when the local state was replaced.</returns>
    public async Task<bool> TakeSeparateAsync(
        IReadOnlyCollection<string> schemas, DatasetRecovery recovery, CancellationToken cancellationToken)
    {
        var isReplaced = false;
        foreach (var client in clients.SeparateOf(schemas))
        {
            await recovery.RunAsync(client, cancellationToken).ConfigureAwait(false);
            if (await client.GetStoredStateAsync(cancellationToken).ConfigureAwait(false) is not { } remote) continue;
            var state = new PipelineState(remote.State).Migrated();
            if (state.Version <= _committed?.Version) continue;
            _committed = state;
            context.CommittedHash = state.VersionHash;
            if (state.Version < context.State.Version || state.VersionHash == context.State.VersionHash) continue;
            await ReplaceAsync(state, cancellationToken).ConfigureAwait(false);
            isReplaced = true;
        }

        return isReplaced;
    }

    /// <summary>
    /// Takes the committed state, whatever its version, when the local one follows from another: the pipeline last loaded into another
    /// dataset, or this one was dropped and another machine made it again. What the local state follows from is the state that this folder
    /// last restored or wrote into a package. Pending packages decide otherwise (<see cref="SetAsideAsync"/>).
    /// </summary>
    /// <returns>True when the local state was replaced.</returns>
    public async Task<bool> FollowAsync(CancellationToken cancellationToken)
    {
        if (_committed is not { } committed || context.Folder.HasPending) return false;
        if (context.State.Local.LastExtractedHash is not { } followed || followed == committed.VersionHash) return false;
        await ReplaceAsync(committed, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Restores state and schemas from the destination even when the local ones are newer.</summary>
    /// <returns>False when the destination has none.</returns>
    /// <exception cref="DltException">Packages wait to be loaded, and the local state belongs to them. Nothing was replaced.</exception>
    public async Task<bool> ReplaceAsync(CancellationToken cancellationToken)
    {
        if (context.Folder.Pending is { Count: > 0 } pending)
            throw new DltException($"Packages of pipeline '{context.Name}' wait to be loaded: "
                + $"{string.Join(", ", pending.Select(p => p.LoadId))}. State and schemas were not replaced. Load them with the next "
                + $"run, or give them up with: {context.Folder.Abort}");
        if (await clients.Default.GetStoredStateAsync(cancellationToken).ConfigureAwait(false) is not { } remote) return false;
        await ReplaceAsync(new PipelineState(remote.State).Migrated(), cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task ReplaceAsync(PipelineState state, CancellationToken cancellationToken)
    {
        var schemas = await DownloadSchemasAsync(state.SchemaNames, cancellationToken).ConfigureAwait(false);
        IsRestored = true;
        context.Folder.DeleteSchemas();
        foreach (var schema in schemas) context.Schemas.Save(schema);
        context.SaveState(state.With(context.State.Local.WithRestored(state.VersionHash)).WithDataset(context.DatasetName));
    }

    /// <summary>
    /// Sets packages aside that would move the state from a version that is no longer the committed one. The run goes on from the committed
    /// state.
    /// </summary>
    /// <param name="cancellationToken">Stops; packages may already be set aside.</param>
    public async Task SetAsideAsync(CancellationToken cancellationToken)
    {
        if (!context.RestoreFromDestination || !clients.Default.KeepsState) return;
        var returning = new ReturningPackages(context.Folder, IsLoadedAsync, TakeBackAsync);
        if (!await returning.CompareAsync(_committed?.VersionHash, cancellationToken).ConfigureAwait(false)) return;
        await ReturnToCommittedAsync(cancellationToken).ConfigureAwait(false);
        foreach (var (loadId, replaced) in returning.SetAside)
        {
            var stays = replaced.Count == 0 ? ""
                : $" Its rows stay in {string.Join(", ", replaced)}, where they had replaced the earlier ones.";
            context.Warn($"Package {loadId} was set aside: it moves the state of pipeline '{context.Name}' from a version that is no "
                + $"longer the committed one in {context.Location}: another machine has loaded since, the dataset was dropped, or the "
                + $"package was made for another one. Its rows may be loaded already; this run goes on from the committed state.{stays} "
                + $"To load its rows all the same: {context.Folder.Abort.Line($"retry --set-aside {loadId}")}");
        }
    }

    /// <summary>Takes the committed state; without one, the pipeline starts from the beginning.</summary>
    private async Task ReturnToCommittedAsync(CancellationToken cancellationToken)
    {
        if (_committed is not { } committed)
        {
            Reset();
            return;
        }

        foreach (var schema in await DownloadSchemasAsync(committed.SchemaNames, cancellationToken).ConfigureAwait(false))
            context.Schemas.Save(schema);
        context.SaveState(committed.With(context.State.Local.WithRestored(committed.VersionHash)).WithDataset(context.DatasetName));
    }

    private Task<bool> IsLoadedAsync(LoadPackage package, CancellationToken cancellationToken) =>
        ClientOf(package).IsLoadedAsync(package.LoadId, cancellationToken);

    /// <summary>Removes what the load of a package has written. A load that is prepared would be completed by the next run.</summary>
    /// <returns>Tables that keep its rows.</returns>
    private async Task<IReadOnlyList<string>> TakeBackAsync(LoadPackage package, CancellationToken cancellationToken) =>
        await ClientOf(package).RemoveLoadAsync(package.LoadId, cancellationToken).ConfigureAwait(false) is { } removed
            ? removed.ReplacedTables : [];

    private RetryingClient ClientOf(LoadPackage package) =>
        clients.Of(package.LoadSchema(context.Capabilities.MaxIdentifierLength).Name);

    /// <summary>
    /// Resets the pipeline when the dataset has no state of it and the local state was committed somewhere (docs/spec/pipeline.md 15.2). A
    /// state that was never stored counts until the dataset is gone. Pending packages decide otherwise (<see cref="SetAsideAsync"/>).
    /// </summary>
    private async Task ForgetUncommittedAsync(CancellationToken cancellationToken)
    {
        if (!clients.Default.KeepsState || context.Folder.HasPending) return;
        var local = context.State.Local;
        if (local.LastExtractedHash is null
            && (local.IsFirstRun != false || await clients.Default.DatasetExistsAsync(cancellationToken).ConfigureAwait(false))) return;
        Reset();
    }

    private void Reset()
    {
        context.Warn($"Dataset '{context.DatasetName}' has no state of pipeline '{context.Name}': the dataset was dropped, or the pipeline "
            + $"last loaded elsewhere. It starts from the beginning in {context.Location}: its local state and schemas were reset.");
        context.Folder.DeleteSchemas();
        context.SaveState(PipelineState.New(context.Configuration.Context.RunFolder, context.Name)
            .WithDestination(context.DatasetName, destination.Type, destination.Name, destination.StagingType)
            .WithSchemas()
            .Bumped());
    }

    private async Task<List<Schema>> DownloadSchemasAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var schemas = new List<Schema>();
        foreach (var name in names)
        {
            var schema = await clients.Of(name).GetStoredSchemaAsync(name, cancellationToken).ConfigureAwait(false);
            if (schema is not null) schemas.Add(schema);
            else context.Warn($"Schema '{name}' is named in the state but not in the destination's _dlt_version; it starts empty.");
        }

        return schemas;
    }
}
