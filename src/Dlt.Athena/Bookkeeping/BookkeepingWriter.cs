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
        var versions = await tables.OpenAsync(table.Name, cancellationToken).ConfigureAwait(false);
        if (await versions.ContainsAsync(identity, IsOfSchema, cancellationToken).ConfigureAwait(false)) return false;
        (string, DataValue)[] row =
        [
            ("version", BookkeepingRow.Integer(schema.Version)),
            ("engine_version", BookkeepingRow.Integer(Schema.EngineVersion)),
            ("inserted_at", BookkeepingRow.Time(time.GetUtcNow())),
            ("schema_name", BookkeepingRow.Text(schema.Name)),
            ("version_hash", BookkeepingRow.Text(schema.VersionHash!)),
            ("schema", BookkeepingRow.Text(SchemaJson.ToStoredText(schema, AthenaCapabilities.Default.MaxTextDataTypeLength))),
        ];
        await versions.AppendOnceAsync(table, [new(loadId, identity, row)], cancellationToken).ConfigureAwait(false);
        return true;

        bool IsOfSchema(Dictionary<string, object?> stored) =>
            (string?)stored["schema_name"] == schema.Name && (string?)stored["version_hash"] == schema.VersionHash;
    }

    /// <summary>
    /// Removes the rows of a schema from <c>_dlt_version</c>, except that of this version, which is stored before: a machine that restores
    /// the schema in between must know its tables, because the state still has their cursors.
    /// </summary>
    public async Task ForgetEarlierAsync(Schema schema, CancellationToken cancellationToken)
    {
        var versions = await tables.OpenAsync(SystemTables.Version, cancellationToken).ConfigureAwait(false);
        await versions.RemoveAsync(("schema_name", schema.Name), ("version_hash", schema.VersionHash!), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>Marks loads as complete, all of them in one write.</summary>
    /// <param name="loads">The loads, at least one.</param>
    /// <param name="cancellationToken">Stops; either all rows are written or none.</param>
    public async Task CompleteAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken)
    {
        var table = TableOf(loads[0].Schema, SystemTables.Loads);
        var stored = await tables.OpenAsync(table.Name, cancellationToken).ConfigureAwait(false);
        await stored.AppendOnceAsync(table, [.. loads.Select(RowOf)], cancellationToken).ConfigureAwait(false);
    }

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
