using System.Collections.Concurrent;
using Dlt.Columns;
using Dlt.Destinations.Iceberg;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>Brings the tables of a Glue database up to the schema: creates what is missing, adds columns, refuses drift before any upload (spec/pipeline.md 4.7).</summary>
internal sealed class TableCatalog(IGlueCatalog glue, string database, DestinationCapabilities capabilities, Func<string, string> locationOf, string? databaseLocation)
{
    private const int MaxAttempts = 10;
    private const int Parallelism = 8;

    /// <summary>Makes and widens Iceberg tables.</summary>
    public required IcebergTables IcebergTables { get; init; }

    /// <summary>Format of a table, given what the catalog has under its name.</summary>
    public required Func<Schema, TableSchema, GlueTable?, bool> IsIceberg { get; init; }

    /// <returns>Tables that were created or got columns.</returns>
    public async Task<IReadOnlyList<string>> MigrateAsync(Schema schema, IReadOnlyCollection<TableSchema> tables, CancellationToken cancellationToken)
    {
        await CreateDatabaseAsync(cancellationToken).ConfigureAwait(false);
        var existing = new Dictionary<string, GlueTable>(StringComparer.Ordinal);
        await foreach (var table in glue.GetTablesAsync(database, cancellationToken).ConfigureAwait(false)) existing[table.Name] = table;
        foreach (var table in tables)
        {
            if (!existing.TryGetValue(table.Name.ToLowerInvariant(), out var stored)) continue;
            var isIceberg = IsIceberg(schema, table, stored);
            if (isIceberg != stored.IsIceberg) throw WrongFormat(table, stored);
            if (!isIceberg) Check(table, stored);
        }

        var changed = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(
            tables,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken },
            async (table, token) =>
            {
                var stored = existing.GetValueOrDefault(table.Name.ToLowerInvariant());
                var isChanged = IsIceberg(schema, table, stored) ? await IcebergTables.MigrateAsync(table, token).ConfigureAwait(false) : await MigrateTableAsync(table, stored, token).ConfigureAwait(false);
                if (isChanged) changed.Add(table.Name);
            }).ConfigureAwait(false);
        return [.. changed.Order(StringComparer.Ordinal)];
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

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        if (await glue.GetDatabaseAsync(database, cancellationToken).ConfigureAwait(false) is not null) return;
        try
        {
            await glue.CreateDatabaseAsync(new() { Name = database, LocationUri = databaseLocation }, cancellationToken).ConfigureAwait(false);
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
                    await glue.CreateTableAsync(database, HiveTable.Define(table, locationOf(table.Name), capabilities), cancellationToken).ConfigureAwait(false);
                    return true;
                }

                Check(table, stored);
                var known = stored.Columns.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
                var added = table.CompleteColumns.Where(c => !known.Contains(c.Name.ToLowerInvariant())).Select(c => HiveTable.Column(c, capabilities)).ToList();
                var storage = stored.Definition.StorageDescriptor!;
                var grown = storage.Columns.Select(c => Grown(c, table)).ToList();
                if (added.Count == 0 && grown.SequenceEqual(storage.Columns)) return false;
                var definition = stored.Definition with { StorageDescriptor = storage with { Columns = [.. grown, .. added] } };
                await glue.UpdateTableAsync(database, definition, stored.VersionId, cancellationToken: cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (GlueException error) when ((error.IsAlreadyExists || error.IsConflict) && attempt < MaxAttempts)
            {
                // Somebody else created or changed the table: look again and add what is still missing.
                await Task.Delay(Random.Shared.Next(5, 40 * attempt), cancellationToken).ConfigureAwait(false);
                stored = await glue.GetTableAsync(database, table.Name, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>A column of structs with the fields that the schema has come to know.</summary>
    private GlueColumn Grown(GlueColumn stored, TableSchema table)
    {
        var column = table.CompleteColumns.FirstOrDefault(c => c.Name.Equals(stored.Name, StringComparison.OrdinalIgnoreCase));
        return column is null || MergedType(stored.Type, column) is not { } merged || merged.Equals(stored.Type, StringComparison.OrdinalIgnoreCase) ? stored : stored with { Type = merged };
    }

    /// <summary>The type of a native column with the fields that Glue has, which another pipeline may have added, and those of the schema; null when they contradict each other.</summary>
    private static string? MergedType(string stored, ColumnSchema column)
    {
        if (column is not { GrowsNestedType: true, NestedType: { } type } || !NestedType.TryParse(stored, out var old)) return null;
        var own = NestedType.Parse(type);
        return NestedType.Merge(old, own) is { } merged && merged.Extends(own) ? merged.Hive : null;
    }

    private SchemaException WrongFormat(TableSchema table, GlueTable stored) => new(stored.IsIceberg
        ? $"Table '{database}.{table.Name}' is an Iceberg table, but its rows would be loaded as files. Nothing of the package was loaded; it stays pending. Set table_format iceberg for the resource, or drop the table."
        : $"Table '{database}.{table.Name}' is an external table of files, but its rows would be loaded into an Iceberg table. Nothing of the package was loaded; it stays pending. Set table_format hive for the resource, or drop the table.")
    { Table = table.Name };

    private void Check(TableSchema table, GlueTable stored)
    {
        if (stored.IsIceberg) throw WrongFormat(table, stored);
        var expected = locationOf(table.Name);
        if (stored.Location.TrimEnd('/') != expected.TrimEnd('/'))
        {
            throw new SchemaException(
                $"Table '{database}.{table.Name}' reads from {stored.Location}, but the settings would load to {expected}, where the table does not look. "
                + "Nothing of the package was loaded; it stays pending. Set bucket_url and layout as they were, or drop the table.") { Table = table.Name };
        }

        var types = stored.Columns.ToDictionary(c => c.Name, c => c.Type, StringComparer.Ordinal);
        foreach (var column in table.CompleteColumns)
        {
            var type = HiveTypes.Of(column, capabilities);
            if (types.TryGetValue(column.Name.ToLowerInvariant(), out var old) && !old.Equals(type, StringComparison.OrdinalIgnoreCase) && MergedType(old, column) is null)
            {
                throw new SchemaException(
                    $"Column '{database}.{table.Name}.{column.Name}' is {old} in Glue, but the schema says {type}. Nothing of the package was loaded; it stays pending. "
                    + "Declare the column with its old type, or drop the table.") { Table = table.Name, Column = column.Name };
            }
        }
    }
}
