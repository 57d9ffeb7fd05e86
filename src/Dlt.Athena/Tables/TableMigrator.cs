using System.Collections.Concurrent;
using System.Collections.Immutable;
using Dlt.Destinations.Iceberg;
using Dlt.Lake;
using Dlt.Retries;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations;

/// <summary>
/// Brings the tables of a Glue database up to the schema: refuses what cannot take the rows, creates what is missing, adds columns
/// (docs/spec/pipeline.md 4.7).
/// </summary>
internal sealed class TableMigrator(
    IGlueCatalog glue, string database, DestinationCapabilities capabilities, Func<string, string> locationOf, string? databaseLocation)
{
    private const int Parallelism = 8;

    /// <summary>Others make and widen the same tables: it is only a matter of tries.</summary>
    private static readonly RetryPolicy Contention = new()
    {
        Attempts = 200,
        FirstWait = TimeSpan.FromMilliseconds(50),
        MaxWait = TimeSpan.FromSeconds(5),
    };

    private readonly HiveTableCheck _check = new(database, capabilities, locationOf);

    /// <summary>Makes and widens Iceberg tables.</summary>
    public required IcebergTables IcebergTables { get; init; }

    /// <summary>Waits, and says so.</summary>
    public RetryWaits Waits { get; init; } = RetryWaits.Silent;

    /// <summary>Says which tables are Iceberg tables.</summary>
    public required TableFormats Formats { get; init; }

    /// <summary>Gives tables of a bucket that is gone their new location.</summary>
    public required TableRelocation Relocation { get; init; }

    /// <summary>Properties of the dataset's database, where it is made.</summary>
    public required ImmutableSortedDictionary<string, string> DatabaseParameters { get; init; }

    /// <summary>
    /// Looks at the tables in Glue, and refuses those that cannot take what the schema declares, but for columns of Iceberg tables: those
    /// are looked at when their rows are known. Nothing is changed.
    /// </summary>
    /// <exception cref="SchemaException">A table cannot take the rows.</exception>
    public async Task CheckStoredAsync(Schema schema, IReadOnlyCollection<TableSchema> tables, CancellationToken cancellationToken)
    {
        if (tables.Count == 0) return;
        var wanted = tables.ToLookup(t => t.Name, StringComparer.OrdinalIgnoreCase);
        await foreach (var stored in glue.GetTablesAsync(database, cancellationToken).ConfigureAwait(false))
            foreach (var table in wanted[stored.Name]) await CheckTableAsync(schema, table, stored, cancellationToken)
                .ConfigureAwait(false);
    }

    /// <summary>Looks at the tables that are there, and refuses those that cannot take the rows. Nothing is changed.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="tables">Tables that get rows.</param>
    /// <param name="opened">Further tables that are opened if they are Iceberg tables.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <exception cref="SchemaException">A table cannot take the rows.</exception>
    public async Task<FoundTables> CheckAsync(
        Schema schema, IEnumerable<TableSchema> tables, IEnumerable<TableSchema> opened, CancellationToken cancellationToken)
    {
        var stored = ImmutableDictionary.CreateBuilder<string, GlueTable>(StringComparer.Ordinal);
        await foreach (var table in glue.GetTablesAsync(database, cancellationToken)
            .ConfigureAwait(false)) stored[table.Name.ToLowerInvariant()] = table;
        var known = tables.Where(t => stored.ContainsKey(t.Name.ToLowerInvariant())).ToList();
        foreach (var table in known)
            await CheckTableAsync(schema, table, stored[table.Name.ToLowerInvariant()], cancellationToken).ConfigureAwait(false);

        var iceberg = new ConcurrentDictionary<string, IcebergTable>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            known.Concat(opened).Select(t => t.Name.ToLowerInvariant()).Distinct()
                .Where(n => stored.TryGetValue(n, out var there) && there.IsIceberg),
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (name, token) => iceberg[name] = await IcebergTables.OpenAsync(stored[name], token).ConfigureAwait(false))
                .ConfigureAwait(false);
        foreach (var table in known)
            if (iceberg.TryGetValue(table.Name.ToLowerInvariant(), out var there)) IcebergTableCheck.Check(table, there);
        return new(stored.ToImmutable(), iceberg.ToImmutableDictionary(StringComparer.Ordinal));
    }

    /// <summary>Makes and widens tables.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="found">What <see cref="CheckAsync"/> found.</param>
    /// <param name="cancellationToken">Stops; some tables may be changed.</param>
    /// <returns>Tables that were created or got columns, and the tables as they are now.</returns>
    public async Task<(IReadOnlyList<string> Changed, FoundTables Tables)> MigrateAsync(
        Schema schema, IReadOnlyCollection<TableSchema> tables, FoundTables found, CancellationToken cancellationToken)
    {
        if (found.Stored.IsEmpty) await CreateDatabaseAsync(database, DatabaseParameters, cancellationToken).ConfigureAwait(false);
        var changed = new ConcurrentBag<string>();
        var iceberg = new ConcurrentDictionary<string, IcebergTable>(StringComparer.Ordinal);
        await Parallel.ForEachAsync(
            tables,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (table, token) =>
            {
                bool isChanged;
                if (Formats.IsIceberg(schema, table, found.Of(table.Name))) (iceberg[table.Name], isChanged) =
                    await IcebergTables.MigrateAsync(table, found.IcebergOf(table.Name), token).ConfigureAwait(false);
                else isChanged = await MigrateTableAsync(table, found.Of(table.Name), token).ConfigureAwait(false);
                if (isChanged) changed.Add(table.Name);
            }).ConfigureAwait(false);
        return ([.. changed.Order(StringComparer.Ordinal)], iceberg.Aggregate(found, (all, table) => all.With(table.Key, table.Value)));
    }

    /// <summary>Removes a table from the catalog, if it is there.</summary>
    public async Task DropAsync(string table, CancellationToken cancellationToken)
    {
        try
        {
            await glue.DeleteTableAsync(database, table.ToLowerInvariant(), cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsNotFound)
        {
            // Dropped before.
        }
    }

    /// <summary>Makes a database, if it is not there.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parameters">Its properties; null for none.</param>
    /// <param name="cancellationToken">Stops before the call.</param>
    public async Task CreateDatabaseAsync(string name, ImmutableSortedDictionary<string, string>? parameters,
        CancellationToken cancellationToken)
    {
        if (await glue.GetDatabaseAsync(name, cancellationToken).ConfigureAwait(false) is not null) return;
        try
        {
            await glue.CreateDatabaseAsync(new() { Name = name, LocationUri = databaseLocation, Parameters = parameters },
                cancellationToken).ConfigureAwait(false);
        }
        catch (GlueException error) when (error.IsAlreadyExists)
        {
            // Another pipeline was faster.
        }
    }

    private async Task<bool> MigrateTableAsync(TableSchema table, GlueTable? stored, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                if (stored is null)
                {
                    await glue.CreateTableAsync(
                        database, HiveTable.Define(table, locationOf(table.Name), capabilities), cancellationToken).ConfigureAwait(false);
                    return true;
                }

                if (stored.IsIceberg) throw WrongFormat(table, stored);
                var moved = await Relocation.MovedAsync(stored, cancellationToken).ConfigureAwait(false);
                _check.Check(table, moved);
                var added = table.CompleteColumns.Where(c => HiveTableCheck.ColumnOf(stored, c) is null)
                    .Select(c => HiveTable.Column(c, capabilities)).ToList();
                var storage = moved.Definition.StorageDescriptor!;
                var grown = storage.Columns.Select(c => Grown(c, table)).ToList();
                if (moved == stored && added.Count == 0 && grown.SequenceEqual(storage.Columns)) return false;
                var definition = moved.Definition with { StorageDescriptor = storage with { Columns = [.. grown, .. added] } };
                await glue.UpdateTableAsync(database, definition, stored.VersionId, cancellationToken: cancellationToken)
                    .ConfigureAwait(false);
                return true;
            }
            catch (GlueException error) when ((error.IsAlreadyExists || error.IsConflict) && attempt < Contention.Attempts)
            {
                // Somebody else created or changed the table: look again and add what is still missing.
                var story = $"Others changed table '{database}.{table.Name}' at the same time";
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
        if (!isIceberg) _check.Check(table, await Relocation.MovedAsync(stored, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>A column of structs with the fields that the schema has come to know.</summary>
    private static GlueColumn Grown(GlueColumn stored, TableSchema table)
    {
        var column = table.CompleteColumns.FirstOrDefault(c => c.Name.Equals(stored.Name, StringComparison.OrdinalIgnoreCase));
        return column is null || HiveTableCheck.MergedType(stored.Type, column) is not { } merged
            || merged.Equals(stored.Type, StringComparison.OrdinalIgnoreCase) ? stored : stored with { Type = merged };
    }

    private SchemaException WrongFormat(TableSchema table, GlueTable stored) => new(stored.IsIceberg
        ? $"Table '{database}.{table.Name}' is an Iceberg table, but its rows would be loaded as files. Nothing was loaded. "
            + "Set table_format iceberg for the table or force_iceberg for all, load into a table of another name, or drop the table."
        : $"Table '{database}.{table.Name}' is an external table of files, but its rows would be loaded into an Iceberg table. "
            + "Nothing was loaded. "
            + "Take force_iceberg or table_format iceberg away, load into a table of another name, or drop the table.")
    { Table = table.Name };
}
