using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Migrates the tables of a Glue database to a schema: refuses tables that cannot take the rows, creates missing tables, adds columns
/// (docs/spec/pipeline.md 4.7).
/// </summary>
internal sealed class TableMigrator(
    IGlueCatalog glue, string database, DestinationCapabilities capabilities, Func<string, string> locationOf, string? databaseLocation)
{
    /// <summary>Tables that are opened, created or changed at once. Glue slows down callers that ask for more.</summary>
    private const int Parallelism = 20;

    /// <summary>Retries of a change that another pipeline has overtaken; with enough attempts it succeeds.</summary>
    private static readonly RetryPolicy Contention = new()
    {
        Attempts = 200,
        FirstWait = TimeSpan.FromMilliseconds(50),
        MaxWait = TimeSpan.FromSeconds(5),
    };

    private readonly HiveTableCheck _check = new(database, capabilities, locationOf);

    /// <summary>Makes, changes and drops databases and external tables.</summary>
    public required ITableDdl Ddl { get; init; }

    /// <summary>Creates Iceberg tables and adds columns to them.</summary>
    public required IcebergTables IcebergTables { get; init; }

    /// <summary>The look at the catalog that the steps of a run share.</summary>
    public required CatalogLook Look { get; init; }

    /// <summary>Waits between attempts and reports long waits.</summary>
    public RetryWaits Waits { get; init; } = RetryWaits.Silent;

    /// <summary>Determines which tables are Iceberg tables.</summary>
    public required TableFormats Formats { get; init; }

    /// <summary>Determines whether Glue lists the partitions of a table.</summary>
    public required PartitionListing Listing { get; init; }

    /// <summary>The partitions that Glue lists.</summary>
    public required IListedPartitions Partitions { get; init; }

    /// <summary>Moves tables of a missing bucket to their new location.</summary>
    public required TableRelocation Relocation { get; init; }

    /// <summary>Warns of objects in the folders of new external tables.</summary>
    public required OccupiedFolders Occupied { get; init; }

    /// <summary>Properties of the dataset's database when it is created.</summary>
    public required ImmutableSortedDictionary<string, string> DatabaseParameters { get; init; }

    /// <summary>
    /// Refuses stored tables that cannot take the declared columns. Columns of Iceberg tables are checked later, when their rows are known.
    /// Changes nothing.
    /// </summary>
    /// <exception cref="SchemaException">A table cannot take the rows.</exception>
    public async Task CheckStoredAsync(Schema schema, IReadOnlyCollection<TableSchema> tables, CancellationToken cancellationToken)
    {
        if (tables.Count == 0) return;
        var roots = tables.Select(t => t.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // Nested tables are seen with their roots, because the load will need them as well.
        var nested = schema.Tables.Where(t => t.Parent is not null && roots.Contains(schema.RootOf(t).Name)).Select(t => t.Name);
        var found = await Look.FindAsync([.. roots, .. nested], cancellationToken).ConfigureAwait(false);
        foreach (var table in tables)
        {
            if (found.GetValueOrDefault(table.Name.ToLowerInvariant()) is { } stored)
                await CheckTableAsync(schema, table, stored, cancellationToken).ConfigureAwait(false);
            else
                CheckDeclared(schema, table);
        }
    }

    /// <summary>Refuses a new table whose declaration cannot be followed, before its rows are known. Changes nothing.</summary>
    /// <exception cref="SchemaException">The table cannot be created as it is declared.</exception>
    public void CheckDeclared(Schema schema, TableSchema table)
    {
        var named = PartitionHints.Named(table, schema.Naming);
        if (Formats.IsIceberg(schema, table, null)) IcebergTables.CheckDeclared(named);
        else HivePartitionKey.Declared(named, capabilities);
    }

    /// <summary>Finds the stored tables and refuses those that cannot take the rows. Changes nothing.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="tables">Tables that get rows.</param>
    /// <param name="opened">Further tables to open if they are Iceberg tables.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="SchemaException">A table cannot take the rows.</exception>
    public async Task<FoundTables> CheckAsync(
        Schema schema, IEnumerable<TableSchema> tables, IEnumerable<TableSchema> opened, CancellationToken cancellationToken)
    {
        tables = [.. tables];
        var names = tables.Concat(opened).Select(t => t.Name).Concat(CatalogLook.Bookkeeping);
        var stored = await Look.FindAsync(names, cancellationToken).ConfigureAwait(false);
        var (known, created) = Split(tables, t => stored.ContainsKey(t.Name.ToLowerInvariant()));
        foreach (var table in created.Where(t => Formats.IsIceberg(schema, t, null)))
            IcebergTables.CheckNew(PartitionHints.Named(table, schema.Naming));
        foreach (var table in known)
            await CheckTableAsync(schema, table, stored[table.Name.ToLowerInvariant()], cancellationToken).ConfigureAwait(false);

        var iceberg = new ConcurrentDictionary<string, IcebergTable>(StringComparer.Ordinal);
        var icebergNames = known.Concat(opened).Select(t => t.Name.ToLowerInvariant()).Distinct();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            icebergNames.Where(n => stored.TryGetValue(n, out var definition) && definition.IsIceberg),
            options,
            async (name, token) => iceberg[name] = await IcebergTables.OpenAsync(stored[name], token).ConfigureAwait(false))
            .ConfigureAwait(false);
        foreach (var table in known)
        {
            if (iceberg.TryGetValue(table.Name.ToLowerInvariant(), out var current)) IcebergTableCheck.Check(table, current);
        }

        return new(stored, iceberg.ToImmutableDictionary(StringComparer.Ordinal));
    }

    /// <summary>Creates tables and adds columns, several tables at the same time.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="found">The tables that <see cref="CheckAsync"/> found.</param>
    /// <param name="cancellationToken">Stops; some tables may have been changed.</param>
    /// <returns>Names of the tables that were created or changed, and the tables after the change.</returns>
    public async Task<(IReadOnlyList<string> Changed, FoundTables Tables)> MigrateAsync(
        Schema schema, IReadOnlyCollection<TableSchema> tables, FoundTables found, CancellationToken cancellationToken)
    {
        if (found.Stored.IsEmpty) await CreateDatabaseAsync(database, DatabaseParameters, cancellationToken).ConfigureAwait(false);
        var created = tables.Where(t => found.Of(t.Name) is null && !SystemTables.IsSystemName(t.Name)
            && !Formats.IsIceberg(schema, t, null)).Select(t => t.Name).ToList();
        await Occupied.WarnAsync(created, found.Stored.IsEmpty, cancellationToken).ConfigureAwait(false);
        var changed = new ConcurrentBag<string>();
        var iceberg = new ConcurrentDictionary<string, IcebergTable>(StringComparer.Ordinal);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(
            tables,
            options,
            async (table, token) =>
            {
                bool isChanged;
                var named = PartitionHints.Named(table, schema.Naming);
                if (Formats.IsIceberg(schema, table, found.Of(table.Name)))
                {
                    var known = found.IcebergOf(table.Name);
                    (iceberg[table.Name], isChanged) = await IcebergTables.MigrateAsync(named, known, token).ConfigureAwait(false);
                }
                else
                {
                    isChanged = await MigrateTableAsync(named, found, token).ConfigureAwait(false);
                }

                if (!isChanged) return;
                changed.Add(table.Name);
                Look.Forget(table.Name);
            }).ConfigureAwait(false);
        var migrated = iceberg.Aggregate(found, (all, table) => all.With(table.Key, table.Value));
        return ([.. changed.Order(StringComparer.Ordinal)], migrated);
    }

    /// <summary>Removes a table from the catalog, if it exists.</summary>
    public async Task DropAsync(string table, CancellationToken cancellationToken)
    {
        try
        {
            await Ddl.DropTableAsync(database, table.ToLowerInvariant(), cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsNotFound)
        {
            // An earlier attempt dropped it.
        }
        finally
        {
            Look.Forget(table);
        }
    }

    /// <summary>Creates a database, if it does not exist.</summary>
    /// <param name="name">Name of the database.</param>
    /// <param name="parameters">Properties of the database; null for none.</param>
    /// <param name="cancellationToken">Stops before the call.</param>
    public async Task CreateDatabaseAsync(
        string name, ImmutableSortedDictionary<string, string>? parameters, CancellationToken cancellationToken)
    {
        if (await glue.GetDatabaseAsync(name, cancellationToken).ConfigureAwait(false) is not null) return;
        try
        {
            var created = new GlueDatabase { Name = name, LocationUri = databaseLocation, Parameters = parameters };
            await Ddl.CreateDatabaseAsync(created, cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsAlreadyExists)
        {
            // Another pipeline created it first.
        }
    }

    private async Task<bool> MigrateTableAsync(TableSchema table, FoundTables found, CancellationToken cancellationToken)
    {
        var stored = found.Of(table.Name);
        var keys = HivePartitionKey.Of(table, capabilities);
        var isChanged = false;
        ImmutableSortedDictionary<string, string> Projection(ImmutableSortedDictionary<string, string> parameters) =>
            PartitionProjection.Extended(parameters, keys, found.PartitionsOf(table.Name));
        var properties = DeclaredProperties.Of(table);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (stored is null)
                {
                    var isInGlue = Listing.IsInGlue(table, null);
                    var created = HiveTable.Define(table, locationOf(table.Name), capabilities, keys, isInGlue);
                    var wanted = created.Parameters!.SetItems(properties);
                    created = created with { Parameters = isInGlue ? wanted : Projection(wanted) };
                    await Ddl.CreateExternalAsync(database, created, cancellationToken).ConfigureAwait(false);
                    return true;
                }

                if (stored.IsIceberg) throw WrongFormat(table, stored);
                var moved = await Relocation.MovedAsync(stored, cancellationToken).ConfigureAwait(false);
                _check.Check(table, moved);
                var added = table.CompleteColumns.Where(c => HiveTableCheck.ColumnOf(stored, c) is null)
                    .Select(c => HiveTable.Column(c, capabilities)).ToList();
                var storage = moved.Definition.StorageDescriptor!;
                var columns = storage.Columns.Select(c => WithNewFields(c, table)).ToList();
                var own = moved.Definition.Parameters ?? ImmutableSortedDictionary<string, string>.Empty;
                var declared = own.SetItems(properties);
                var parameters = PartitionListing.IsInGlue(stored) ? declared : Projection(declared);
                if (moved == stored && added.Count == 0 && columns.SequenceEqual(storage.Columns) && parameters.SequenceEqual(own))
                    return isChanged;
                var definition = moved.Definition with
                {
                    Parameters = parameters,
                    StorageDescriptor = storage with { Columns = [.. columns, .. added] },
                };
                // Partitions first: a run that ends in between is repeated, because the table still lacks the columns.
                if (added.Count > 0 || !columns.SequenceEqual(storage.Columns))
                    await Partitions.WidenAsync(stored, definition.StorageDescriptor!.Columns, cancellationToken).ConfigureAwait(false);
                isChanged = true;
                if (await Ddl.ChangeExternalAsync(stored, definition, cancellationToken).ConfigureAwait(false)) return true;
                stored = await glue.GetTableAsync(database, table.Name, cancellationToken).ConfigureAwait(false);
            }
            catch (GlueException error) when ((error.IsAlreadyExists || error.IsConflict) && attempt < Contention.Attempts)
            {
                // Another pipeline created or changed the table: read it again and add what it still lacks.
                var story = $"Other pipelines changed table '{database}.{table.Name}' at the same time";
                await Waits.WaitAsync(story, attempt, Contention.Attempts, Contention.Wait(attempt), cancellationToken)
                    .ConfigureAwait(false);
                stored = await glue.GetTableAsync(database, table.Name, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task CheckTableAsync(Schema schema, TableSchema table, GlueTable stored, CancellationToken cancellationToken)
    {
        var isIceberg = Formats.IsIceberg(schema, table, stored);
        if (isIceberg != stored.IsIceberg) throw WrongFormat(table, stored);
        if (isIceberg) return;
        var moved = await Relocation.MovedAsync(stored, cancellationToken).ConfigureAwait(false);
        _check.Check(PartitionHints.Named(table, schema.Naming), moved);
    }

    private static (List<TableSchema> Known, List<TableSchema> Created) Split(
        IEnumerable<TableSchema> tables, Func<TableSchema, bool> isKnown)
    {
        var (known, created) = (new List<TableSchema>(), new List<TableSchema>());
        foreach (var table in tables) (isKnown(table) ? known : created).Add(table);
        return (known, created);
    }

    /// <summary>A stored column with the struct fields that the schema has gained.</summary>
    private static GlueColumn WithNewFields(GlueColumn stored, TableSchema table)
    {
        var column = table.CompleteColumns.FirstOrDefault(c => c.Name.Equals(stored.Name, StringComparison.OrdinalIgnoreCase));
        if (column is null || HiveTableCheck.MergeNestedType(stored.Type, column) is not { } merged) return stored;
        return merged.Equals(stored.Type, StringComparison.OrdinalIgnoreCase) ? stored : stored with { Type = merged };
    }

    private SchemaException WrongFormat(TableSchema table, GlueTable stored) => new(stored.IsIceberg
        ? $"Table '{database}.{table.Name}' is an Iceberg table, but its rows would be loaded as files. Nothing was loaded. "
            + "Set table_format iceberg for the table or force_iceberg for all, load into a table of another name, or drop the table."
        : $"Table '{database}.{table.Name}' is an external table of files, but its rows would be loaded into an Iceberg table. "
            + "Nothing was loaded. Remove what asks for one (force_iceberg, table_format iceberg, --merge of dlt load), load into a table "
            + "of another name, or drop the table.")
    { Table = table.Name };
}
