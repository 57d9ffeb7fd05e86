using System.Globalization;
using Dlt.Schemas;

namespace Dlt.Destinations.Bookkeeping;

/// <summary>Writes rows to <c>_dlt_version</c> and <c>_dlt_loads</c>, each row once.</summary>
/// <param name="tables">Opens the tables.</param>
/// <param name="time">Clock for the column <c>inserted_at</c>.</param>
internal sealed class BookkeepingWriter(BookkeepingTables tables, TimeProvider time)
{
    /// <summary>Stores a schema, once for each version hash.</summary>
    /// <param name="loadId">Id of the load that uses the schema.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="cancellationToken">Stops; the row may or may not have been written.</param>
    /// <returns>True when the row was missing.</returns>
    public async Task<bool> StoreSchemaAsync(string loadId, Schema schema, CancellationToken cancellationToken)
    {
        var table = TableOf(schema, SystemTables.Version);
        var identity = $"{schema.Name} {schema.VersionHash}";
        (string, string)[] values = [("schema_name", schema.Name), ("version_hash", schema.VersionHash!)];
        var seen = await tables.OpenSeenAsync(table.Name, cancellationToken).ConfigureAwait(false);
        if (await seen.ContainsAsync(identity, values, cancellationToken).ConfigureAwait(false)) return false;
        // Another pipeline may have stored it since, or this run may have just created the table.
        var versions = await tables.OpenAsync(table.Name, cancellationToken).ConfigureAwait(false);
        if (await versions.ContainsAsync(identity, values, cancellationToken).ConfigureAwait(false)) return false;
        await AppendAsync(versions, table, [new(loadId, identity, RowOf(schema))], cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>
    /// Stores a schema after a refresh, also when the schema of an earlier version has the same hash, and removes all other rows of the
    /// schema. The row is written first: a machine that restores the schema in between must know its tables, because the state still has
    /// their cursors.
    /// </summary>
    /// <returns>True when the row was missing.</returns>
    public async Task<bool> ReplaceSchemaAsync(string loadId, Schema schema, CancellationToken cancellationToken)
    {
        (string Column, object Value)[] own = [("version_hash", schema.VersionHash!), ("version", (long)schema.Version)];
        var table = TableOf(schema, SystemTables.Version);
        var versions = await tables.OpenAsync(table.Name, cancellationToken).ConfigureAwait(false);
        try
        {
            var rows = await versions.ReadAsync(cancellationToken).ConfigureAwait(false);
            var isMissing = !rows.Any(r => (string?)r["schema_name"] == schema.Name && BookkeepingRow.Has(r, own));
            if (isMissing)
            {
                var identity = string.Create(CultureInfo.InvariantCulture, $"{schema.Name} {schema.VersionHash} {schema.Version}");
                await AppendAsync(versions, table, [new(loadId, identity, RowOf(schema))], cancellationToken).ConfigureAwait(false);
                versions = await tables.OpenAsync(table.Name, cancellationToken).ConfigureAwait(false);
            }

            await versions.RemoveAsync(("schema_name", schema.Name), own, cancellationToken).ConfigureAwait(false);
            return isMissing;
        }
        finally
        {
            tables.Forget(SystemTables.Version);
        }
    }

    /// <summary>Marks loads as complete, all of them in one write.</summary>
    /// <param name="loads">The loads, at least one.</param>
    /// <param name="cancellationToken">Stops; either all rows are written or none.</param>
    public async Task CompleteAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken)
    {
        var table = TableOf(loads[0].Schema, SystemTables.Loads);
        var stored = await tables.OpenSeenAsync(table.Name, cancellationToken).ConfigureAwait(false);
        await AppendAsync(stored, table, [.. loads.Select(RowOf)], cancellationToken).ConfigureAwait(false);
    }

    private async Task AppendAsync(
        IBookkeepingTable stored, TableSchema table, BookkeepingEntry[] rows, CancellationToken cancellationToken)
    {
        try
        {
            await stored.AppendOnceAsync(table, rows, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            tables.Forget(table.Name);   // also after an error: the rows may have been written
        }
    }

    private (string Column, DataValue Value)[] RowOf(Schema schema) =>
    [
        ("version", BookkeepingRow.Integer(schema.Version)),
        ("engine_version", BookkeepingRow.Integer(Schema.EngineVersion)),
        ("inserted_at", BookkeepingRow.Time(time.GetUtcNow())),
        ("schema_name", BookkeepingRow.Text(schema.Name)),
        ("version_hash", BookkeepingRow.Text(schema.VersionHash!)),
        ("schema", BookkeepingRow.Text(SchemaJson.ToStoredText(schema, AthenaCapabilities.Default.MaxTextDataTypeLength))),
    ];

    private BookkeepingEntry RowOf(LoadPlan load) => new(load.LoadId, load.Schema.Name,
    [
        ("load_id", BookkeepingRow.Text(load.LoadId)),
        ("schema_name", BookkeepingRow.Text(load.Schema.Name)),
        ("status", BookkeepingRow.Integer(0)),
        ("inserted_at", BookkeepingRow.Time(time.GetUtcNow())),
        ("schema_version_hash", BookkeepingRow.Text(load.Schema.VersionHash!)),
    ]);

    private static TableSchema TableOf(Schema schema, string name) => schema.Table(schema.Naming.NormalizeTableIdentifier(name));
}
