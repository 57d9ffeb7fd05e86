using Dlt.Destinations.Tables;
using Dlt.Schemas;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// Brings the staging dataset in step with the schema of a load. For Python dlt it gets the empty external state table that dlt needs when
/// the state table is an Iceberg table; for merges by Athena, the staging tables of the load.
/// </summary>
/// <param name="staging">The staging dataset.</param>
/// <param name="look">The look at the catalog that the steps of a run share.</param>
/// <param name="formats">Determines which tables are Iceberg tables.</param>
/// <param name="tags">Tags of databases.</param>
internal sealed class StagingPreparation(StagingDataset staging, CatalogLook look, TableFormats formats, DatabaseTags tags)
{
    /// <summary>Makes what is missing.</summary>
    /// <param name="plan">The load.</param>
    /// <param name="found">Tables of the dataset, as the load made or changed them.</param>
    /// <param name="hasNewVersion">True when the load has stored a version of its schema.</param>
    /// <param name="isStaged">Returns true for a table whose rows Athena merges; null when there is none.</param>
    /// <param name="cancellationToken">Stops; the next load makes the rest.</param>
    /// <exception cref="SchemaException">A staging table reads another folder than that of the load. Nothing was uploaded.</exception>
    public async Task RunAsync(
        LoadPlan plan, FoundTables found, bool hasNewVersion, Func<string, bool>? isStaged, CancellationToken cancellationToken)
    {
        var schema = plan.Schema;
        if (hasNewVersion || isStaged is not null)
        {
            var all = await look.FindAsync(schema.Tables.Select(t => t.Name), cancellationToken).ConfigureAwait(false);
            bool IsIceberg(TableSchema table) => formats.IsIceberg(schema, table.Name, found with { Stored = all });
            await (isStaged is null
                ? staging.StoreSchemaAsync(plan.LoadId, schema, IsIceberg, cancellationToken)
                : staging.MakeTablesAsync(plan.LoadId, schema, IsIceberg, isStaged, cancellationToken)).ConfigureAwait(false);
        }

        var name = schema.Naming.NormalizeTableIdentifier(SystemTables.State);
        var hasState = schema.TryGetTable(name, out var state) && formats.IsIceberg(schema, state.Name, found);
        if (hasState) await staging.CreateStateTableAsync(state!, cancellationToken).ConfigureAwait(false);
        if (hasState || isStaged is not null) await tags.ApplyAsync(staging.Database, cancellationToken).ConfigureAwait(false);
    }
}
