using Dlt.Internal;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.State;

namespace Dlt.Extract;

/// <summary>
/// Commits an extraction: adds the state to the package, then makes both visible with one rename (docs/spec/pipeline.md 2.4, 10.2).
/// </summary>
/// <param name="pipeline">Pipeline that runs.</param>
/// <param name="rows">Row counts by table. The row of the state is added.</param>
internal sealed class ExtractCommit(PipelineContext pipeline, Dictionary<string, long> rows)
{
    private (LoadPackage Package, Schema Schema)? _statePackage;

    /// <summary>Completes the package and moves it to the extracted packages; then saves the schema and the state.</summary>
    /// <param name="package">Package with its jobs.</param>
    /// <param name="schema">Schema of the package.</param>
    /// <param name="state">State of the pipeline after the run.</param>
    /// <param name="folder">Folder of the extraction. It is deleted.</param>
    public void Run(LoadPackage package, Schema schema, PipelineState state, string folder)
    {
        state = AddStateRow(state.WithSchema(schema.Name), schema, package);
        NoteMove(package, state);
        package.SaveSchema(schema);
        if (!File.Exists(package.PathOf(PackageFolders.State))) package.SaveState(LoadPackage.NewState(package.LoadId));
        package.NewPipelineState = state;
        if (pipeline.RunKey is { } key) RunKey.Write(package, key);
        if (pipeline.Location is { } location) PackageLocation.Write(package, location);
        package.MoveTo(pipeline.Folder.Extracted);
        pipeline.Folder.UnpackCompanions();
        Directory.Delete(folder, recursive: true);
        if (_statePackage is { } companion) pipeline.Schemas.SaveExtracted(companion.Schema);
        pipeline.Schemas.SaveExtracted(schema);
        pipeline.SaveState(state);
    }

    /// <summary>Saves schema and state for a run that ended after it moved its package and before it saved them.</summary>
    public static void Complete(PipelineContext pipeline, LoadPackage package)
    {
        var longest = pipeline.Capabilities.MaxIdentifierLength;
        var schema = package.LoadSchema(longest);
        var stored = pipeline.Folder.LoadSchema(schema.Name, longest);
        if (stored is null || schema.PreviousHashes.Contains(stored.VersionHash)) pipeline.Schemas.SaveExtracted(schema);
        if (package.NewPipelineState is { } state && state.Version > pipeline.State.Version) pipeline.SaveState(state);
    }

    /// <summary>Stores from which committed state the package moves the state, where states are committed at all.</summary>
    private void NoteMove(LoadPackage package, PipelineState state)
    {
        if (!pipeline.RestoreFromDestination) return;
        var isCommitted = state.Local.LastExtractedHash != pipeline.State.Local.LastExtractedHash;
        StateMove.Of(pipeline.CommittedHash, pipeline.State, state, isCommitted).Write(package);
        if (isCommitted) pipeline.CommittedHash = state.VersionHash;
    }

    /// <summary>
    /// Adds a changed state as a row of the state table, in a package of the default schema (docs/spec/pipeline.md 10.2).
    /// </summary>
    private PipelineState AddStateRow(PipelineState state, Schema schema, LoadPackage package)
    {
        state = state.Bumped();
        var hash = state.VersionHash!;
        if (!pipeline.StoresState || state.Local.LastExtractedHash == hash) return state;

        var defaultName = state.DefaultSchemaName!;
        var isDefault = defaultName == schema.Name || !pipeline.UseSingleDataset;   // a separate dataset has its own state
        var target = isDefault ? package : package.CreateCompanion(pipeline.LoadIds.Next());
        var targetSchema = isDefault
            ? schema
            : pipeline.Schemas.Load(defaultName, pipeline.Capabilities.MaxIdentifierLength) ?? new Schema(defaultName);
        var row = state.ToRow(target.LoadId, pipeline.Time.GetUtcNow());
        var table = SystemTables.PipelineStateTable(targetSchema.Naming);
        targetSchema.UpdateTable(table, pipeline.Capabilities);
        using (var segments = new ExtractedSegments(target, [])) segments.Lines("", table.Name).Write(row);
        rows[table.Name] = 1;
        target.SaveState(target.LoadState().With("pipeline_state", row));
        RowCounts.WriteExtracted(target, isDefault ? rows : new Dictionary<string, long>(StringComparer.Ordinal) { [table.Name] = 1 });
        if (!isDefault)
        {
            pipeline.Folder.CopyForRestore(target);
            target.SaveSchema(targetSchema);
            if (pipeline.Location is { } location) PackageLocation.Write(target, location);
            _statePackage = (target, targetSchema);
        }

        return state.With(state.Local.WithExtracted(hash, pipeline.Time.GetUtcNow()));
    }
}
