using System.Collections.Immutable;
using Dlt.Destinations;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>Makes the plan of a load from its package: the jobs, the chains to publish, and the refresh to apply.</summary>
internal static class LoadPlanner
{
    /// <summary>Returns the plan of a package. A refresh that was already applied is not part of it (docs/spec/pipeline.md 1.10).</summary>
    /// <param name="package">The package.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="capabilities">Capabilities of the destination.</param>
    /// <exception cref="SchemaException">A table asks for a merge that cannot be done.</exception>
    public static LoadPlan PlanOf(LoadPackage package, Schema schema, DestinationCapabilities capabilities)
    {
        var state = package.LoadState();
        var isApplied = AppliedRefresh.IsNoted(state) || !File.Exists(package.PathOf(PackageFolders.SchemaUpdates));
        var chains = ChainsOf(new PackageJobs(package, schema).All(), schema, capabilities);
        var loaded = chains.SelectMany(c => c.Tables).Select(t => t.Table.Name).ToHashSet(StringComparer.Ordinal);
        return new()
        {
            LoadId = package.LoadId,
            Schema = schema,
            Chains = chains,
            Prepared = [.. schema.Tables.Where(t => loaded.Contains(t.Name) || IsBookkeeping(t))],
            Dropped = isApplied ? [] : [.. RefreshedTables.Dropped(state)],
            Emptied = isApplied ? [] : EmptiedChains(RefreshedTables.Truncated(state), schema),
        };
    }

    /// <summary>
    /// Returns the plan with the jobs as they are after staging: each with its receipt, and the path that its file has now.
    /// </summary>
    public static LoadPlan Staged(LoadPlan plan, LoadPackage package, DestinationCapabilities capabilities) => plan with
    {
        Chains = ChainsOf(new PackageJobs(package, plan.Schema).All(), plan.Schema, capabilities),
    };

    /// <summary>
    /// Returns the chains of a package: the tables with jobs and, when the mode removes rows, also the tables that only have earlier rows.
    /// </summary>
    /// <param name="jobs">The jobs of the package.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="capabilities">Capabilities of the destination.</param>
    private static ImmutableArray<TableChain> ChainsOf(
        IReadOnlyCollection<LoadJob> jobs, Schema schema, DestinationCapabilities capabilities)
    {
        var byTable = jobs.ToLookup(j => j.Table.Name, StringComparer.Ordinal);
        return [.. jobs.Select(j => schema.RootOf(j.Table)).DistinctBy(r => r.Name).Select(ChainOf)];

        TableChain ChainOf(TableSchema root)
        {
            var mode = WriteModes.Of(schema, root, capabilities);
            var tables = schema.ChainOf(root)
                .Where(t => byTable.Contains(t.Name) || (mode.RemovesRows && t.HasSeenData))
                .OrderByDescending(t => DepthOf(t, schema))
                .Select(t => new ChainTable(t, [.. byTable[t.Name]]));
            return new(root, mode, [.. tables]);
        }
    }

    private static ImmutableArray<TableChain> EmptiedChains(IEnumerable<TableSchema> tables, Schema schema)
    {
        return [.. tables.GroupBy(t => schema.RootOf(t).Name, StringComparer.Ordinal).Select(Emptied)];

        TableChain Emptied(IEnumerable<TableSchema> chain) =>
            new(schema.RootOf(chain.First()), WriteMode.Truncate, [.. chain.Select(t => new ChainTable(t, []))]);
    }

    /// <summary>True for system tables of dlt that no job fills.</summary>
    private static bool IsBookkeeping(TableSchema table) =>
        SystemTables.IsSystemName(table.Name) && table.WriteDisposition == WriteDisposition.Skip;

    private static int DepthOf(TableSchema table, Schema schema) =>
        table.Parent is { } parent && schema.TryGetTable(parent, out var above) ? DepthOf(above, schema) + 1 : 0;
}
