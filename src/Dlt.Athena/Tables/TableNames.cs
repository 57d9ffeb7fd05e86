using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>Names of tables in Glue, which keeps them in lower case.</summary>
internal static class TableNames
{
    /// <summary>
    /// Refuses a table whose name differs from that of a loaded one by its case only: both would be the same table in Glue.
    /// </summary>
    /// <exception cref="SchemaException">There is such a table.</exception>
    public static void Check(Schema schema, IReadOnlyCollection<TableSchema> tables)
    {
        var loaded = schema.DataTables.Where(t => t.HasSeenData).ToLookup(t => t.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var table in tables)
        {
            if (loaded[table.Name].FirstOrDefault(t => t.Name != table.Name) is not { } other) continue;
            throw new SchemaException(
                $"The table names '{other.Name}' and '{table.Name}' are one name for Athena. Nothing was loaded. "
                + $"Rename one, or use a case-insensitive naming convention (now: {schema.Naming.Name}).") { Table = table.Name };
        }
    }
}
