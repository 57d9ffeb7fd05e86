using Dlt.Iceberg;
using Dlt.Internal;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Checks whether an Iceberg table can get the columns of a load, by a trial on its metadata before anything is uploaded or changed.
/// </summary>
internal static class ColumnCheck
{
    /// <param name="table">The table as the schema declares it.</param>
    /// <param name="stored">The stored table.</param>
    /// <param name="change">The change to try.</param>
    /// <exception cref="SchemaException">The change breaks a rule of the format, such as a column with the name of a partition
    /// field.</exception>
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

    /// <summary>The error for a table that cannot be created or changed as the schema declares it.</summary>
    public static SchemaException Refused(TableSchema table, string name, IcebergException error) => new(
        $"Iceberg table '{name}' cannot be created or changed as the schema declares it. {Failure.Sentence(error)} Nothing was loaded. "
        + "Rename the column in the data, or change the hint x-athena-partition of a new table.")
    { Table = table.Name };
}
