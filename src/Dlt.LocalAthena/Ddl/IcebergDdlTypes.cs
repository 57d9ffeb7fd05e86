using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Sql;

namespace Dlt.Local;

/// <summary>Maps the types of a statement to those of a new Iceberg table, and numbers its fields (docs/spec/aws-apis.md 5.6).</summary>
internal sealed class IcebergDdlTypes
{
    private int _next = 1;

    /// <summary>A field with the next id.</summary>
    /// <exception cref="AthenaQueryException">Iceberg tables do not have the type.</exception>
    public NestedField FieldOf(string name, AthenaType type) => new(_next++, name, Of(name, type));

    private IcebergType Of(string name, AthenaType type) => type switch
    {
        AthenaType.Array list => new ListType(_next++, Of(name, list.Element)),
        AthenaType.Map map => new MapType(_next++, Of(name, map.Key), _next++, Of(name, map.Value)),
        AthenaType.Row row => new StructType([.. row.Fields.Select(f => FieldOf(f.Name!, f.Type))]),
        AthenaType.Decimal number => PrimitiveType.Decimal(number.Precision, number.Scale),
        AthenaType.Timestamp { HasTimeZone: false } => new PrimitiveType(PrimitiveKind.Timestamp),
        AthenaType.Varchar => new PrimitiveType(PrimitiveKind.String),
        AthenaType.Scalar scalar => new PrimitiveType(scalar.Kind switch
        {
            AthenaScalar.Boolean => PrimitiveKind.Boolean,
            AthenaScalar.Integer => PrimitiveKind.Int,
            AthenaScalar.BigInt => PrimitiveKind.Long,
            AthenaScalar.Real => PrimitiveKind.Float,
            AthenaScalar.Double => PrimitiveKind.Double,
            AthenaScalar.Date => PrimitiveKind.Date,
            AthenaScalar.Varbinary => PrimitiveKind.Binary,
            _ => throw Refused(name, type),
        }),
        _ => throw Refused(name, type),
    };

    private static AthenaQueryException Refused(string name, AthenaType type) =>
        new("NOT_SUPPORTED", $"Column '{name}' has the type {HiveTypeName.Of(type)}, which Iceberg tables do not have. Nothing was run.");
}
