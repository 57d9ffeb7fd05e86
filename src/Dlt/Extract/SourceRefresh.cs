using Dlt.Packages;
using Dlt.Schemas;
using Dlt.Sources.State;

namespace Dlt.Extract;

/// <summary>Drops tables, schema and state of a source before a run with a refresh mode (docs/spec/pipeline.md 1.10).</summary>
internal static class SourceRefresh
{
    /// <summary>
    /// Drops tables from the schema, removes state, and lists the tables in the package, so that the load drops or empties them. A source
    /// that was never loaded has nothing to drop.
    /// </summary>
    /// <param name="mode">Refresh mode of the run.</param>
    /// <param name="source">Source whose selected resources are refreshed.</param>
    /// <param name="schema">Stored schema. <see cref="RefreshMode.DropResources"/> drops its tables.</param>
    /// <param name="state">State of the pipeline. The part of the source or of the resources is removed.</param>
    /// <param name="package">Package of the run.</param>
    /// <returns>Schema at the beginning of the run; an empty one for <see cref="RefreshMode.DropSources"/>.</returns>
    public static Schema Apply(RefreshMode mode, Source source, Schema schema, StateStore state, LoadPackage package)
    {
        var dropsSource = mode == RefreshMode.DropSources;
        var resources = source.Resources.Where(r => r.IsSelected).Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        var roots = schema.DataTables.Where(t => t.Parent is null && (dropsSource || (t.Resource is { } own && resources.Contains(own))));
        var tables = roots.SelectMany(schema.ChainOf).Where(t => t.HasSeenData || !dropsSource);
        var childrenFirst = tables.Reverse().ToList();
        state.Forget(source.Name, dropsSource ? null : resources);
        package.SaveState(RefreshedTables.AddTo(package.LoadState(), mode, childrenFirst));
        if (dropsSource) return new Schema(schema.Name, schema.Naming);
        if (mode == RefreshMode.DropResources) childrenFirst.ForEach(t => schema.Drop(t.Name));
        return schema;
    }
}
