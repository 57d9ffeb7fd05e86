using Dlt.Iceberg;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Tables;

/// <summary>
/// Checks whether an existing Iceberg table can take the rows of a schema's table, before anything is uploaded or changed.
/// </summary>
internal static class IcebergTableCheck
{
    private const string NothingLoaded = "Nothing was loaded.";

    /// <summary>Checks format version, codec, column types and required columns.</summary>
    /// <exception cref="SchemaException">The table cannot take the rows.</exception>
    public static void Check(TableSchema table, IcebergTable stored)
    {
        CheckVersion(table, stored);
        ReadableTable.Check(table, stored.Metadata.Properties);
        var schema = stored.Metadata.CurrentSchema;
        foreach (var column in table.CompleteColumns)
        {
            if (FieldOf(schema, column, table, stored) is not { } field) continue;
            var wanted = IcebergColumns.TypeOf(column);
            if (IcebergColumns.Fits(field.Type, wanted) || IcebergColumns.Lacks(field.Type, wanted)) continue;
            throw new SchemaException(
                $"Column '{stored.Name}.{column.Name}' is {GlueTypes.Of(field.Type)} in the table, but {GlueTypes.Of(wanted)} in the "
                + $"schema. {NothingLoaded} Declare the column with its old type in the resource, load into a table of another name, or "
                + "drop the table.")
            { Table = table.Name, Column = column.Name };
        }

        foreach (var field in schema.Fields.Where(f => f.IsRequired))
        {
            if (table.CompleteColumns.Any(c => c.Name.Equals(field.Name, StringComparison.OrdinalIgnoreCase))) continue;
            throw new SchemaException(
                $"Column '{stored.Name}.{field.Name}' is required, and the rows of the package have no such column. {NothingLoaded} "
                + "Add the column to the rows, or make it optional: "
                + $"ALTER TABLE {stored.Name} ALTER COLUMN {field.Name} DROP NOT NULL (Spark).")
            { Table = table.Name, Column = field.Name };
        }
    }

    /// <summary>The field of a column, whatever the case of its name; null if the table has none.</summary>
    /// <exception cref="SchemaException">Two fields have names that differ only in case.</exception>
    public static NestedField? FieldOf(Dlt.Iceberg.Schema schema, ColumnSchema column, TableSchema table, IcebergTable stored)
    {
        var fields = schema.Fields.Where(f => f.Name.Equals(column.Name, StringComparison.OrdinalIgnoreCase)).ToList();
        return fields.Count <= 1 ? fields.FirstOrDefault() : throw new SchemaException(
            $"Table '{stored.Name}' has the columns {string.Join(" and ", fields.Select(f => $"'{f.Name}'"))}, which are the same name for "
            + $"Athena. {NothingLoaded} Rename one of them with the engine that created the table.")
        { Table = table.Name, Column = column.Name };
    }

    /// <summary>Refuses a data file with nulls in a required column: strict readers could not read it.</summary>
    /// <exception cref="SchemaException">A required column has nulls in a file.</exception>
    public static void CheckValues(TableSchema table, IcebergTable stored, DataFile file)
    {
        foreach (var field in stored.Metadata.CurrentSchema.Fields.Where(f => f.IsRequired))
        {
            if (file.NullValueCounts?.GetValueOrDefault(field.Id) is not > 0) continue;
            throw NoValue(table, stored, field, $"{file.NullValueCounts[field.Id]} row(s)");
        }
    }

    /// <summary>The error about rows without the value of a required column.</summary>
    public static SchemaException NoValue(TableSchema table, IcebergTable stored, NestedField field, string rows) => new(
        $"Column '{stored.Name}.{field.Name}' is required, and {rows} of the package have no value. Nothing was committed to the table; "
            + "the package stays pending. Correct the rows, or make the column optional.")
    { Table = table.Name, Column = field.Name };

    private static void CheckVersion(TableSchema table, IcebergTable stored)
    {
        var version = stored.Metadata.FormatVersion;
        if (version == TableMetadata.WrittenVersion) return;
        var remedy = version < TableMetadata.WrittenVersion
            ? "Upgrade it with await table.NewTransaction().UpgradeFormatVersion(2).CommitAsync(), or in Spark with "
            + $"ALTER TABLE {stored.Name} SET TBLPROPERTIES ('format-version' = '2'); readers that support only version 1 can then no "
            + "longer read it."
            : "Load into another table, or create the table again with version 2.";
        throw new SchemaException(
            $"Table '{stored.Name}' has format version {version} of Iceberg; loads write version {TableMetadata.WrittenVersion}, because "
            + $"{(version < TableMetadata.WrittenVersion ? "version 1 lacks deletes of rows" : "Athena cannot read version 3")}. "
            + $"{NothingLoaded} {remedy}")
        { Table = table.Name };
    }
}
