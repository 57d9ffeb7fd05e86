using Dlt.Destinations.Settings;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>Merges of a dataset by statements of Athena, for <c>merge_engine = "athena"</c>.</summary>
/// <param name="names">Catalog and databases.</param>
/// <param name="capabilities">Determine the strategies of tables.</param>
/// <param name="folder">The files of the staging dataset.</param>
/// <param name="queries">Runs the statements.</param>
/// <param name="helpers">Removes helper tables.</param>
internal sealed class SqlMerges(
    SqlNames names, DestinationCapabilities capabilities, StagingFolder folder, MergeQueries queries, HelperTables helpers)
{
    /// <summary>The merges of a dataset; null when they are commits of the loader.</summary>
    /// <param name="settings">Settings of the destination.</param>
    /// <param name="lake">Catalog and store.</param>
    /// <param name="names">Catalog and databases.</param>
    /// <param name="folder">The files of the staging dataset.</param>
    /// <param name="athena">Runs the statements.</param>
    /// <param name="warn">Receives warnings for the user.</param>
    public static SqlMerges? Of(
        AthenaSettings settings, LakeAccount lake, SqlNames names, StagingFolder folder, IAthena athena, Action<string> warn) =>
        settings.MergeEngine != MergeEngine.Athena ? null : new(
            names, settings.Capabilities, folder, new(athena, names.Staging), new(lake.Glue, lake.Objects, names.Staging, warn));

    /// <summary>Returns the merges of a load; null when it merges no table.</summary>
    /// <param name="plan">The load.</param>
    /// <exception cref="SchemaException">A table cannot be merged by statements. Nothing was changed.</exception>
    public SqlMerge? Of(LoadPlan plan)
    {
        var inputs = plan.Chains.Select(c => InputOf(plan, c.Root)).OfType<MergeInput>().ToList();
        foreach (var input in inputs) MergeScript.Of(input);   // refuses a table before anything is changed
        return inputs.Count == 0 ? null : new(inputs, folder, queries, helpers);
    }

    /// <summary>The merge of a chain; null when its rows are not merged. A merge without keys is one, whose script only inserts.</summary>
    private MergeInput? InputOf(LoadPlan plan, TableSchema root)
    {
        if (capabilities.ResolveMergeStrategy(plan.Schema, root) is not { } strategy) return null;
        return new()
        {
            LoadId = plan.LoadId,
            Schema = plan.Schema,
            Root = root,
            Nested = [.. plan.Schema.ChainOf(root).Where(t => t.Parent is not null && t.HasSeenData)],
            Strategy = strategy,
            Names = names,
        };
    }
}
