using Dlt.Parquet;
using Dlt.Schemas;
using Dlt.Sql;
using Dlt.Types;

namespace Dlt.Destinations;

/// <summary>
/// Athena's types of the columns of external tables, from the types that the columns have in files (docs/spec/athena-destination.md 4.1).
/// </summary>
internal static class AthenaColumnType
{
    /// <summary>The type by Hive's name, as Glue stores it.</summary>
    /// <exception cref="SchemaException">An integer has more than 64 bits.</exception>
    public static string HiveNameOf(ColumnSchema column, DestinationCapabilities capabilities) =>
        HiveTypeName.Of(Of(FileColumnTypes.Of(column, capabilities)));

    /// <summary>The type of a column, or of a part of one, in a file. Times are texts: Athena has no column of times.</summary>
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
