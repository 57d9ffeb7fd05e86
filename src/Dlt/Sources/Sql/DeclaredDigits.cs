using System.Data;
using System.Data.Common;
using System.Globalization;
using Dlt.Batches.Decimals;

namespace Dlt.Sources.Sql;

/// <summary>Reads the digits that a database declares for the columns of a query, such as 12 and 2 of <c>numeric(12,2)</c>.</summary>
internal static class DeclaredDigits
{
    /// <summary>Returns the digits of each column; null for columns without declared digits.</summary>
    /// <remarks>SQLite is skipped: its reader would query the database, which has no decimals.</remarks>
    public static IReadOnlyList<DecimalDigits?> Of(DbDataReader reader)
    {
        var digits = new DecimalDigits?[reader.FieldCount];
        if (ReaderBatches.IsSqlite(reader)) return digits;
        foreach (var (column, precision, scale) in Described(reader))
            if (column is { } at && at >= 0 && at < digits.Length) digits[at] = DecimalDigits.Of(precision, scale);
        return digits;
    }

    /// <summary>Returns the columns as the reader describes them; none when it does not support that.</summary>
    private static IEnumerable<(int? Column, int? Precision, int? Scale)> Described(DbDataReader reader)
    {
        try
        {
            if (reader is IDbColumnSchemaGenerator generator)
                return generator.GetColumnSchema().Select(c => (c.ColumnOrdinal, c.NumericPrecision, c.NumericScale));
            return reader.GetSchemaTable()?.Rows.Cast<DataRow>().Select(Described) ?? [];
        }
        catch (Exception error) when (error is NotSupportedException or NotImplementedException or InvalidOperationException)
        {
            return [];
        }
    }

    private static (int? Column, int? Precision, int? Scale) Described(DataRow column) => (
        Number(column, SchemaTableColumn.ColumnOrdinal),
        Number(column, SchemaTableColumn.NumericPrecision),
        Number(column, SchemaTableColumn.NumericScale));

    /// <summary>Reads a number, whose type and presence depend on the provider.</summary>
    private static int? Number(DataRow column, string name)
    {
        var value = column.Table.Columns.Contains(name) ? column[name] : null;
        return value is null or DBNull ? null : Convert.ToInt32(value, CultureInfo.InvariantCulture);
    }
}
