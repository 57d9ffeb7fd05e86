using Dlt.Destinations.Tables;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>
/// Keeps the staging dataset that Python dlt made in step with the schema, so that dlt can go on: its tables get the new columns, and its
/// <c>_dlt_version</c> the row of the schema (docs/spec/athena-destination.md 6.9). Nothing is done where that table does not exist.
/// </summary>
/// <param name="glue">Catalog of the tables.</param>
/// <param name="tables">Makes the database, and makes and widens tables.</param>
/// <param name="versions">Writes to <c>_dlt_version</c> of the staging dataset.</param>
/// <param name="database">Database of the staging dataset.</param>
/// <param name="locationOf">Returns the folder of a table of the staging dataset.</param>
/// <param name="warn">Receives warnings.</param>
internal sealed class StagingVersions(
    IGlueCatalog glue, TableMigrator tables, BookkeepingWriter versions, string database, Func<string, string> locationOf,
    Action<string> warn)
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
            await MigrateAsync(loadId, schema, staged, cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (!error.IsTransient)
        {
            warn($"The staging dataset '{database}' of Python dlt was not changed with the schema: {Failure.Sentence(error)} "
                + "The load goes on. Python dlt changes it in its next run.");
        }
    }

    /// <summary>Makes what is missing of the staging dataset, for a load that stages rows there, and stores its schema.</summary>
    /// <param name="loadId">Id of the load that uses the schema.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="isIceberg">Returns true for an Iceberg table.</param>
    /// <param name="isStaged">Returns true for a table of which the load stages rows.</param>
    /// <param name="cancellationToken">Stops; the next load makes the rest.</param>
    /// <exception cref="SchemaException">A staging table reads another folder. Nothing was uploaded.</exception>
    public async Task MakeAsync(
        string loadId, Schema schema, Func<TableSchema, bool> isIceberg, Func<string, bool> isStaged, CancellationToken cancellationToken)
    {
        await tables.CreateDatabaseAsync(database, parameters: null, cancellationToken).ConfigureAwait(false);
        var staged = schema.DataTables.Where(isIceberg).ToList();
        var found = await MigrateAsync(loadId, schema, staged, cancellationToken).ConfigureAwait(false);
        foreach (var table in staged.Where(t => isStaged(t.Name)))
            if (found.GetValueOrDefault(table.Name) is { } stored) CheckFolder(stored, locationOf(table.Name));
    }

    /// <returns>The tables that existed before, whatever the case of their names.</returns>
    private async Task<IReadOnlyDictionary<string, GlueTable>> MigrateAsync(
        string loadId, Schema schema, List<TableSchema> staged, CancellationToken cancellationToken)
    {
        var wanted = staged.Where(t => t.HasSeenData && t.CompleteColumns.Any())
            .Select(t => HiveTable.Define(t, locationOf(t.Name), AthenaCapabilities.Default)).ToList();
        var found = new Dictionary<string, GlueTable>(StringComparer.OrdinalIgnoreCase);
        var names = wanted.ConvertAll(t => t.Name);
        await foreach (var table in glue.FindTablesAsync(database, names, cancellationToken).ConfigureAwait(false))
            found[table.Name] = table;
        foreach (var table in wanted)
            await MigrateAsync(table, found.GetValueOrDefault(table.Name), cancellationToken).ConfigureAwait(false);
        // The row comes last: dlt changes no table of a schema that has its row.
        await versions.StoreSchemaAsync(loadId, Trimmed(schema, staged), cancellationToken).ConfigureAwait(false);
        return found;
    }

    /// <summary>Refuses a staging table that would not read the files of the load: its merge would find no rows.</summary>
    private void CheckFolder(GlueTable stored, string folder)
    {
        if (!stored.IsIceberg && stored.Location.TrimEnd('/') == folder.TrimEnd('/')) return;
        throw new SchemaException($"Staging table '{database}.{stored.Name}' reads {stored.Location}"
            + $"{(stored.IsIceberg ? " as an Iceberg table" : "")}, and the load would stage its files in {folder}. Nothing was uploaded. "
            + "Drop the staging table, which holds nothing that is needed; the next load makes it again.")
        { Table = stored.Name };
    }

    private async Task CreateAsync(GlueTableInput wanted, CancellationToken cancellationToken)
    {
        try
        {
            await tables.Ddl.CreateExternalAsync(database, wanted, cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsAlreadyExists)
        {
            // Another pipeline created it first.
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

    private async Task MigrateAsync(GlueTableInput wanted, GlueTable? stored, CancellationToken cancellationToken)
    {
        if (stored is null)
        {
            await CreateAsync(wanted, cancellationToken).ConfigureAwait(false);
            return;
        }

        var known = stored.Columns.Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var added = wanted.StorageDescriptor!.Columns.Where(c => !known.Contains(c.Name)).ToList();
        if (added.Count == 0 || stored.Definition.StorageDescriptor is not { } storage) return;
        var definition = stored.Definition with { StorageDescriptor = storage with { Columns = [.. storage.Columns, .. added] } };
        await tables.Ddl.ChangeExternalAsync(stored, definition, cancellationToken).ConfigureAwait(false);
    }
}
