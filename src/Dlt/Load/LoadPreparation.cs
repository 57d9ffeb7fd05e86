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
        client.VerifySchema(plan.Schema, plan.Prepared);
        RefuseMerge(plan);
        var updates = package.PathOf(PackageFolders.SchemaUpdates);
        var isFirst = File.Exists(updates);
        if (isFirst) WarnOfMerge(plan);
        var changed = await client.PrepareAsync(plan, cancellationToken).ConfigureAwait(false);
        if (changed.Count > 0) LogMessages.TablesChanged(pipeline.Logger, plan.LoadId, string.Join(", ", changed));
        AppliedRefresh.Note(package, plan);
        if (!isFirst) return;
        var applied = JsonValue.Object(package.ReadJson(updates).Members.Where(u => changed.Contains(u.Key)));
        AtomicFile.Write(package.PathOf(PackageFolders.AppliedSchemaUpdates), JsonText.WriteUtf8(applied));
        File.Delete(updates);
        DurableFolder.Flush(package.Folder);   // otherwise a power cut could restore the file, and a refresh would empty the tables again
    }

    private void WarnOfMerge(LoadPlan plan)
    {
        var merged = plan.Prepared.Where(t => plan.Schema.WriteDispositionOf(t) == WriteDisposition.Merge
            && pipeline.Capabilities.ResolveMergeStrategy(plan.Schema, t) is null
            && t.Parent is null);
        foreach (var table in merged)
        {
            pipeline.Warn($"Table '{table.Name}' asks for merge, which the destination cannot do for its table format. "
                + "Its rows are appended.");
        }
    }

    /// <summary>Merging is not built: a destination that has a strategy would get the rows as an append.</summary>
    private void RefuseMerge(LoadPlan plan)
    {
        var merged = plan.Prepared.FirstOrDefault(t => t.Parent is null
            && plan.Schema.WriteDispositionOf(t) == WriteDisposition.Merge
            && pipeline.Capabilities.ResolveMergeStrategy(plan.Schema, t) is not null);
        if (merged is null) return;
        throw new DltException($"Table '{merged.Name}' asks for merge, which is not built yet. Nothing of the load was changed. "
            + "Set WriteDisposition to Append or Replace.")
        { IsTransient = false };
    }
}
