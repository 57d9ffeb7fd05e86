using Dlt.Packages;
using Dlt.Schemas;
using Dlt.State;

namespace Dlt.Extract;

/// <summary>The end of an extract: the state joins the data, and one rename makes both visible (docs/spec/pipeline.md 2.4, 10.2).</summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="rows">Rows by table; gets the row of the state.</param>
internal sealed class ExtractCommit(PipelineContext pipeline, Dictionary<string, long> rows)
{
    private (LoadPackage Package, Schema Schema)? _statePackage;

    /// <summary>Completes the package and moves it to the extracted ones; then schema and state are saved.</summary>
    /// <param name="package">The package with its jobs.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="state">The state of the pipeline after the run.</param>
    /// <param name="folder">The folder of the extract, which is removed.</param>
    public void Run(LoadPackage package, Schema schema, PipelineState state, string folder)
    {
        state = AddStateRow(state.WithSchema(schema.Name), schema, package);
        package.SaveSchema(schema);
        if (!File.Exists(package.PathOf(PackageFolders.State))) package.SaveState(LoadPackage.NewState(package.LoadId));
        package.NewPipelineState = state;
        if (pipeline.RunKey is { } key) RunKey.Write(package, key);
        if (pipeline.Location is { } location) PackagePlace.Write(package, location);
        package.MoveTo(pipeline.Folder.Extracted);
        pipeline.Folder.UnpackCompanions();
        Directory.Delete(folder, recursive: true);
        if (_statePackage is { } companion) pipeline.Schemas.SaveExtracted(companion.Schema);
        pipeline.Schemas.SaveExtracted(schema);
        pipeline.SaveState(state);
    }

    /// <summary>A changed state travels as a row of its own table, in a package of the default schema (docs/spec/pipeline.md 10.2).</summary>
    private PipelineState AddStateRow(PipelineState state, Schema schema, LoadPackage package)
    {
        state = state.Bumped();
        var hash = state.VersionHash!;
        if (!pipeline.RestoreFromDestination || state.Local.LastExtractedHash == hash) return state;

        var defaultName = state.DefaultSchemaName!;
        var isDefault = defaultName == schema.Name || !pipeline.UseSingleDataset;   // a dataset of its own has a state of its own
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
            if (pipeline.Location is { } location) PackagePlace.Write(target, location);
            _statePackage = (target, targetSchema);
        }

        return state.With(state.Local.WithExtracted(hash, pipeline.Time.GetUtcNow()));
    }
}
