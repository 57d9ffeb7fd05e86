using Dlt.Destinations.Catalogs;
using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations.Tables;

/// <summary>Determines which tables of a dataset are Iceberg tables; all other tables are external tables of Parquet files.</summary>
/// <param name="capabilities">Determine the format of a table that names none.</param>
/// <param name="forceIceberg">True when the table of the pipeline state is an Iceberg table as well.</param>
/// <param name="foreign">The catalog, if Glue does not serve it: all bookkeeping tables are external tables then.</param>
internal sealed class TableFormats(DestinationCapabilities capabilities, bool forceIceberg, ForeignCatalog foreign)
{
    /// <summary>True when a table of the schema is an Iceberg table. A bookkeeping table that exists keeps its format.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="table">The table.</param>
    /// <param name="stored">The definition in Glue; null if the table does not exist.</param>
    public bool IsIceberg(Schema schema, TableSchema table, GlueTable? stored) => SystemTables.IsSystemName(table.Name)
        ? IsIcebergBookkeeping(table.Name, stored)
        : capabilities.IsIceberg(schema, table);

    /// <summary>True when the table is an Iceberg table. For a table that the schema does not know, Glue decides.</summary>
    public bool IsIceberg(Schema schema, string table, FoundTables found) =>
        schema.TryGetTable(table, out var known) || SystemTables.IsSystemName(table)
            ? IsIceberg(schema, known ?? new TableSchema(table), found.Of(table))
            : found.Of(table)?.IsIceberg == true;

    /// <summary>
    /// True when a bookkeeping table is an Iceberg table. An existing table keeps its format; new ones are Iceberg tables, except that of
    /// the state, which Python dlt loads from files, and those of a catalog without Iceberg tables.
    /// </summary>
    public bool IsIcebergBookkeeping(string table, GlueTable? stored) =>
        stored?.IsIceberg ?? (!foreign.IsUsed && (forceIceberg || table is SystemTables.Version or SystemTables.Loads));
}
