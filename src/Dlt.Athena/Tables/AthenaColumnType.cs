using Dlt.Parquet;
using Dlt.Schemas;
using Dlt.Sql;

namespace Dlt.Destinations.Tables;

/// <summary>Maps the types of file columns to Athena's types of external tables (docs/spec/athena-destination.md 4.1).</summary>
internal static class AthenaColumnType
{
    /// <summary>Name of a column's type in Hive's spelling, as Glue stores it.</summary>
    /// <exception cref="SchemaException">An integer has more than 64 bits.</exception>
    public static string HiveNameOf(ColumnSchema column, DestinationCapabilities capabilities) =>
        HiveTypeName.Of(Of(FileColumnTypes.Of(column, capabilities)));

    /// <summary>
    /// Athena's type of a file column or of a nested part of one. Times become texts, because Athena has no time columns.
    /// </summary>
    public static AthenaType Of(ColumnType type) => type.Nested switch
    {
        NestedColumnType.List list => new AthenaType.Array(Of(list.Element)),
        NestedColumnType.Map map => new AthenaType.Map(Of(map.Key), Of(map.Value)),
        NestedColumnType.Struct row => new AthenaType.Row([.. row.Fields.Select(f => new AthenaRowField(f.Name, Of(f.Type)))]),
        _ => type.DataType switch
        {
            DataType.Double => new AthenaType.Scalar(AthenaScalar.Double),
            DataType.Bool => new AthenaType.Scalar(AthenaScalar.Boolean),
            DataType.Bigint => new AthenaType.Scalar(type.IntegerBits switch
            {
                8 => AthenaScalar.TinyInt,
                16 => AthenaScalar.SmallInt,
                32 => AthenaScalar.Integer,
                _ => AthenaScalar.BigInt,
            }),
            DataType.Decimal or DataType.Wei => new AthenaType.Decimal(type.Precision, type.Scale),
            DataType.Date => new AthenaType.Scalar(AthenaScalar.Date),
            DataType.Timestamp => new AthenaType.Timestamp(AthenaType.Timestamp.DefaultPrecision),
            DataType.Binary => new AthenaType.Scalar(AthenaScalar.Varbinary),
            _ => AthenaType.String,
        },
    };
}
