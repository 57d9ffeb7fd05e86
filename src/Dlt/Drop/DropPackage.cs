using Dlt.Extract;
using Dlt.Packages;

namespace Dlt.Drop;

/// <summary>
/// Packs a drop: the tables to drop, the schema without them and the new state. The package is loaded like any other, so a drop that is
/// killed is completed by the next run.
/// </summary>
internal static class DropPackage
{
    /// <summary>Makes the package and moves it to the extracted packages.</summary>
    public static void Write(PipelineContext pipeline, ResourceDrop drop)
    {
        var folder = pipeline.Folder.NewExtractFolder();
        var package = LoadPackage.Create(folder, pipeline.LoadIds.Next());
        pipeline.Folder.CopyForRestore(package);
        if (drop.Dropped.Count > 0) package.SaveState(RefreshedTables.AddDropped(package.LoadState(), drop.Dropped));
        var rows = new Dictionary<string, long>(StringComparer.Ordinal);
        RowCounts.WriteExtracted(package, rows);
        var state = drop.State.With(drop.State.Local.WithoutExtracted());
        new ExtractCommit(pipeline, rows).Run(package, drop.Schema, state, folder);
    }
}
