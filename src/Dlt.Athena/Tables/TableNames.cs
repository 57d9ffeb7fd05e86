using Dlt.Schemas;

namespace Dlt.Destinations.Tables;

/// <summary>Checks the names of tables for Glue, which stores them in lower case.</summary>
internal static class TableNames
{
    /// <summary>
    /// Refuses a table if its name differs only in case from that of a loaded table: both would be the same table in Glue.
    /// </summary>
    /// <exception cref="SchemaException">Two table names differ only in case.</exception>
    public static void Check(Schema schema, IReadOnlyCollection<TableSchema> tables)
    {
        foreach (var table in tables)
        {
            var loaded = schema.TablesInAnyCase(table.Name).Where(t => t.HasSeenData && !SystemTables.IsSystemName(t.Name));
            if (loaded.FirstOrDefault(t => t.Name != table.Name) is not { } other) continue;
            throw new SchemaException(
                $"The table names '{other.Name}' and '{table.Name}' are the same name for Athena. Nothing was loaded. "
                + $"Rename one, or use a case-insensitive naming convention (now: {schema.Naming.Name}).")
            { Table = table.Name };
        }
    }
}
