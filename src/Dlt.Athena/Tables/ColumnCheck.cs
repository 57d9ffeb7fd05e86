using Dlt.Iceberg;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Iceberg;

/// <summary>Whether an Iceberg table may get the columns that a load brings: tried on its metadata, before anything is uploaded or
/// changed.</summary>
internal static class ColumnCheck
{
    /// <param name="table">The table in the schema.</param>
    /// <param name="stored">The table as it is.</param>
    /// <param name="change">What would be changed.</param>
    /// <exception cref="SchemaException">A rule of the format is broken, such as a column with the name of a partition field.</exception>
    public static void Check(TableSchema table, IcebergTable stored, Action<SchemaUpdate> change)
    {
        try
        {
            var next = SchemaUpdate.Apply(stored.Metadata, change);
            stored.Catalog?.Check(stored.Metadata, next);
        }
        catch (IcebergException error) when (error.Error == IcebergError.Illegal)
        {
            throw Refused(table, stored.Name, error);
        }
    }

    /// <summary>The error of a table that cannot be made or changed as the schema wants it.</summary>
    public static SchemaException Refused(TableSchema table, string name, IcebergException error) => new(
        $"Iceberg table '{name}' cannot be as the schema wants it. {error.Message} Nothing was loaded. "
        + "Rename the column in the data, or change the hint x-athena-partition of a new table.") { Table = table.Name };
}
