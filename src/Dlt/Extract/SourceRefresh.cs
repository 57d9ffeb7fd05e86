using Dlt.Packages;
using Dlt.Schemas;
using Dlt.Settings;
using Dlt.State;

namespace Dlt.Extract;

/// <summary>Drops what a run is to begin without: tables, schema and state of a source (docs/spec/pipeline.md 1.10).</summary>
internal static class SourceRefresh
{
    /// <summary>
    /// Drops tables from the schema, forgets state, and lists the tables in the package: the load drops or empties them. A source that was
    /// never loaded has nothing to drop.
    /// </summary>
    /// <param name="mode">What is dropped.</param>
    /// <param name="source">Its selected resources are refreshed.</param>
    /// <param name="schema">The stored schema; <see cref="RefreshMode.DropResources"/> drops its tables.</param>
    /// <param name="state">The pipeline's state; the source's or the resources' part of it is removed.</param>
    /// <param name="package">The package of the run.</param>
    /// <returns>The schema that the run begins with: an empty one for <see cref="RefreshMode.DropSources"/>.</returns>
    public static Schema Apply(RefreshMode mode, Source source, Schema schema, StateStore state, LoadPackage package)
    {
        var dropsSource = mode == RefreshMode.DropSources;
        var resources = source.Resources.Where(r => r.IsSelected).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        var roots = schema.DataTables.Where(t => t.Parent is null && (dropsSource || (t.Resource is { } own && resources.Contains(own))));
        List<TableSchema> childrenFirst =
            [.. roots.SelectMany(schema.ChainOf).Where(t => t.HasSeenData || !dropsSource).Reverse()];
        state.Forget(source.Name, dropsSource ? null : resources);
        package.SaveState(RefreshedTables.AddTo(package.LoadState(), mode, childrenFirst));
        if (dropsSource) return new Schema(schema.Name, schema.Naming);
        if (mode == RefreshMode.DropResources) childrenFirst.ForEach(t => schema.Drop(t.Name));
        return schema;
    }
}
