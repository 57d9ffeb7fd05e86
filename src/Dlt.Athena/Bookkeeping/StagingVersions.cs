using Dlt.Destinations.Tables;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// Keeps the staging dataset that Python dlt made in step with the schema, so that dlt can go on: its tables get the new columns, and its
/// <c>_dlt_version</c> the row of the schema (docs/spec/athena-destination.md 6.9). Nothing is done where that table does not exist.
/// </summary>
/// <param name="glue">Catalog of the tables.</param>
/// <param name="ddl">Makes and widens tables.</param>
/// <param name="versions">Writes to <c>_dlt_version</c> of the staging dataset.</param>
/// <param name="database">Database of the staging dataset.</param>
/// <param name="locationOf">Returns the folder of a table of the staging dataset.</param>
/// <param name="warn">Receives warnings.</param>
internal sealed class StagingVersions(
    IGlueCatalog glue, ITableDdl ddl, BookkeepingWriter versions, string database, Func<string, string> locationOf, Action<string> warn)
{
    /// <summary>Stores a schema that the dataset has not stored before.</summary>
    /// <param name="loadId">Id of the load that uses the schema.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="isIceberg">Returns true for an Iceberg table, whose rows dlt stages.</param>
    /// <param name="cancellationToken">Stops; dlt makes up for what is missing.</param>
    public async Task StoreAsync(string loadId, Schema schema, Func<TableSchema, bool> isIceberg, CancellationToken cancellationToken)
    {
        var staged = schema.DataTables.Where(isIceberg).ToList();
        if (staged.Count == 0) return;
        try
        {
            var name = schema.Naming.NormalizeTableIdentifier(SystemTables.Version);
            if (await glue.GetTableAsync(database, name, cancellationToken).ConfigureAwait(false) is null) return;
            // The row comes last: dlt changes no table of a schema that has its row.
            foreach (var table in staged.Where(t => t.HasSeenData && t.CompleteColumns.Any()))
                await MigrateAsync(table, cancellationToken).ConfigureAwait(false);
            await versions.StoreSchemaAsync(loadId, Trimmed(schema, staged), cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (!error.IsTransient)
        {
            warn($"The staging dataset '{database}' of Python dlt was not changed with the schema: {error.Message} The load goes on. "
                + "Python dlt changes it in its next run.");
        }
    }

    /// <summary>The schema without the tables that are not staged. It is another version if there are any (dlt 1.31).</summary>
    private static Schema Trimmed(Schema schema, IReadOnlyCollection<TableSchema> staged)
    {
        var trimmed = SchemaJson.FromJson(SchemaJson.ToJson(schema));
        var kept = staged.Select(t => t.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var table in schema.DataTables.Where(t => !kept.Contains(t.Name))) trimmed.Drop(table.Name);
        SchemaJson.Bump(trimmed);
        return trimmed;
    }

    private async Task MigrateAsync(TableSchema table, CancellationToken cancellationToken)
    {
        var stored = await glue.GetTableAsync(database, table.Name.ToLowerInvariant(), cancellationToken).ConfigureAwait(false);
        var wanted = HiveTable.Define(table, locationOf(table.Name), AthenaCapabilities.Default);
        if (stored is null)
        {
            await ddl.CreateExternalAsync(database, wanted, cancellationToken).ConfigureAwait(false);
            return;
        }

        var known = stored.Columns.Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var added = wanted.StorageDescriptor!.Columns.Where(c => !known.Contains(c.Name)).ToList();
        if (added.Count == 0 || stored.Definition.StorageDescriptor is not { } storage) return;
        var definition = stored.Definition with { StorageDescriptor = storage with { Columns = [.. storage.Columns, .. added] } };
        await ddl.ChangeExternalAsync(stored, definition, cancellationToken).ConfigureAwait(false);
    }
}
