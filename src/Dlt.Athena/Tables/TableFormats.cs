using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>Which tables of a dataset are Iceberg tables; all others are external tables of Parquet files.</summary>
/// <param name="capabilities">Say which format a table has that names none.</param>
/// <param name="forceIceberg">True: the table of the pipeline state is an Iceberg table as well.</param>
internal sealed class TableFormats(DestinationCapabilities capabilities, bool forceIceberg)
{
    /// <summary>True when a table of the schema is an Iceberg table. A bookkeeping table that exists keeps its format.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="table">The table.</param>
    /// <param name="stored">What Glue has under its name; null for nothing.</param>
    public bool IsIceberg(Schema schema, TableSchema table, GlueTable? stored) => SystemTables.IsSystemName(table.Name)
        ? IsIcebergBookkeeping(table.Name, stored)
        : capabilities.IsIceberg(schema, table);

    /// <summary>True when the table is an Iceberg table; one that the schema does not know is what Glue says.</summary>
    public bool IsIceberg(Schema schema, string table, FoundTables found) =>
        schema.TryGetTable(table, out var known) || SystemTables.IsSystemName(table)
            ? IsIceberg(schema, known ?? new TableSchema(table), found.Of(table))
            : found.Of(table)?.IsIceberg == true;

    /// <summary>
    /// True when a bookkeeping table is an Iceberg table: as it is in Glue, else all but that of the state, which Python dlt loads from
    /// files.
    /// </summary>
    public bool IsIcebergBookkeeping(string table, GlueTable? stored) =>
        stored?.IsIceberg ?? (forceIceberg || table is SystemTables.Version or SystemTables.Loads);
}
