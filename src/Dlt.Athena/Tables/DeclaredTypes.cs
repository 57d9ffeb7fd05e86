using Dlt.Parquet;
using Dlt.Schemas;

namespace Dlt.Destinations.Tables;

/// <summary>Refuses declarations that Athena does not support, whatever the rows are (docs/spec/athena-destination.md 1.8).</summary>
internal static class DeclaredTypes
{
    private const int MaxIntegerBits = 64;

    /// <summary>Checks the declarations of one table.</summary>
    /// <param name="table">The table.</param>
    /// <param name="isIceberg">True for an Iceberg table.</param>
    /// <exception cref="SchemaException">The table or a column is declared in a way that Athena does not support.</exception>
    public static void Check(TableSchema table, bool isIceberg)
    {
        _ = isIceberg ? PartitionHints.Read(table).Count : HivePartitionKey.NamesOf(table).Length;   // refuses a wrong hint
        foreach (var column in table.CompleteColumns) Check(table, column);
    }

    private static void Check(TableSchema table, ColumnSchema column)
    {
        if (column.DataType == DataType.Time)
        {
            throw new SchemaException(
                $"Column '{table.Name}.{column.Name}' has the type time, which Athena cannot read from Parquet. Nothing was loaded. "
                + $"Declare it as text, Column.Text(\"{column.Name}\"), or convert its values to text or to timestamps.")
            { Table = table.Name, Column = column.Name };
        }

        if (column is { DataType: DataType.Decimal, Precision: > ColumnType.MaxPrecision }
            or { DataType: DataType.Bigint, Precision: > MaxIntegerBits })
        {
            throw new SchemaException(
                $"Column '{table.Name}.{column.Name}' is declared as {column.DataType.Name()}({column.Precision}), which Athena does not "
                + $"have. Nothing was loaded. Declare at most {ColumnType.MaxPrecision} digits or {MaxIntegerBits} bits, "
                + "or declare it as text.")
            { Table = table.Name, Column = column.Name };
        }
    }
}
