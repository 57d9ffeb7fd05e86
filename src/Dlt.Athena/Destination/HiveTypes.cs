using Dlt.Columns;
using Dlt.Schemas;
using Dlt.Types;

namespace Dlt.Destinations;

/// <summary>Hive types of external tables, from the same column type that decides the file (spec/athena-destination.md 4.1).</summary>
internal static class HiveTypes
{
    public static string Of(ColumnSchema column, DestinationCapabilities capabilities) => Of(ColumnType.Of(column, capabilities));

    private static string Of(ColumnType type) => type.DataType switch
    {
        DataType.Json when type.Nested is { } nested => nested,
        DataType.Text or DataType.Json or DataType.Time => "string",
        DataType.Double => "double",
        DataType.Bool => "boolean",
        DataType.Bigint => type.IntegerBits switch { 8 => "tinyint", 16 => "smallint", 32 => "int", _ => "bigint" },
        DataType.Decimal or DataType.Wei => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"decimal({type.Precision},{type.Scale})"),
        DataType.Date => "date",
        DataType.Timestamp => "timestamp",
        _ => "binary",
    };
}
