using Dlt.Iceberg;
using Dlt.Sql;

namespace Dlt.Local;

/// <summary>Maps the types of Iceberg columns to Athena's (docs/spec/aws-apis.md 5.6).</summary>
internal static class IcebergColumnType
{
    private const int MicroDigits = 6;

    /// <summary>Athena's type for a type of Iceberg.</summary>
    /// <exception cref="IcebergException">The local Athena cannot read the type.</exception>
    public static AthenaType Of(IcebergType type) => type switch
    {
        StructType row => new AthenaType.Row([.. row.Fields.Select(f => new AthenaRowField(f.Name, Of(f.Type)))]),
        ListType list => new AthenaType.Array(Of(list.Element)),
        MapType map => new AthenaType.Map(Of(map.Key), Of(map.Value)),
        _ => Of((PrimitiveType)type),
    };

    private static AthenaType Of(PrimitiveType type) => type.Kind switch
    {
        PrimitiveKind.Boolean => new AthenaType.Scalar(AthenaScalar.Boolean),
        PrimitiveKind.Int => new AthenaType.Scalar(AthenaScalar.Integer),
        PrimitiveKind.Long => new AthenaType.Scalar(AthenaScalar.BigInt),
        PrimitiveKind.Float => new AthenaType.Scalar(AthenaScalar.Real),
        PrimitiveKind.Double => new AthenaType.Scalar(AthenaScalar.Double),
        PrimitiveKind.Decimal => new AthenaType.Decimal(type.Precision, type.Scale),
        PrimitiveKind.Date => new AthenaType.Scalar(AthenaScalar.Date),
        PrimitiveKind.Time => new AthenaType.Time(MicroDigits),
        PrimitiveKind.Timestamp => new AthenaType.Timestamp(MicroDigits),
        PrimitiveKind.TimestampTz => new AthenaType.Timestamp(MicroDigits, hasTimeZone: true),
        PrimitiveKind.Uuid => new AthenaType.Scalar(AthenaScalar.Uuid),
        PrimitiveKind.Fixed or PrimitiveKind.Binary => new AthenaType.Scalar(AthenaScalar.Varbinary),
        PrimitiveKind.String => AthenaType.String,
        _ => throw new IcebergException(
            IcebergError.Unsupported, $"A column of the type {type} cannot be read by the local Athena."),
    };
}
