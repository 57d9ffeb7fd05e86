using Dlt.Destinations;
using Dlt.Internal;
using Dlt.Logging;
using Dlt.Packages;

namespace Dlt.Load;

/// <summary>
/// Prepares the destination for the schema of a package before anything is staged. A repeated load repeats it, except a refresh that was
/// already applied.
/// </summary>
/// <param name="pipeline">The pipeline.</param>
/// <param name="client">The dataset.</param>
internal sealed class LoadPreparation(PipelineContext pipeline, IDestinationClient client)
{
    /// <summary>Verifies the schema, prepares the tables, then records the applied changes in the package.</summary>
    /// <exception cref="DltException">A table cannot take the rows.</exception>
    public async Task RunAsync(LoadPackage package, LoadPlan plan, CancellationToken cancellationToken)
    {
        var updates = package.PathOf(PackageFolders.SchemaUpdates);
        var isFirst = File.Exists(updates);
        Check(plan, warns: isFirst);
        var changed = await client.PrepareAsync(plan, cancellationToken).ConfigureAwait(false);
        if (changed.Count > 0) LogMessages.TablesChanged(pipeline.Logger, plan.LoadId, string.Join(", ", changed));
        AppliedRefresh.Note(package, plan);
        if (!isFirst) return;
        var applied = JsonValue.Object(package.ReadJson(updates).Members.Where(u => changed.Contains(u.Key)));
        AtomicFile.Write(package.PathOf(PackageFolders.AppliedSchemaUpdates), JsonText.WriteUtf8(applied));
        File.Delete(updates);
        DurableFolder.Flush(package.Folder);   // otherwise a power cut could restore the file, and a refresh would empty the tables again
    }

    /// <summary>Refuses tables that the destination does not have, without a call of it.</summary>
    /// <param name="plan">The load.</param>
    /// <param name="warns">True: warns of what merges leave out.</param>
    /// <exception cref="DltException">A table cannot be loaded.</exception>
    public void Check(LoadPlan plan, bool warns)
    {
        TableSupport.Check(plan.Schema, plan.Prepared, pipeline.Capabilities);
        client.VerifySchema(plan.Schema, plan.Prepared);
        if (!warns) return;
        foreach (var table in plan.Prepared.Where(t => t.Parent is null && plan.Schema.WriteDispositionOf(t) == WriteDisposition.Merge))
            if (MergeWarning.Of(table, plan.Schema, pipeline.Capabilities) is { } warning) pipeline.Warn(warning);
    }
}
