using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>Maps a field to the Parquet column of this library's encoder (docs/spec/iceberg.md 5.1).</summary>
internal static class DataFileColumn
{
    public const int UuidBytes = 16;

    /// <returns>Null for types that the encoder does not support.</returns>
    public static ParquetColumn? Of(NestedField field)
    {
        if (field.Type is not PrimitiveType type) return null;
        ColumnType? column = type.Kind switch
        {
            PrimitiveKind.Boolean => new ColumnType { DataType = DataType.Bool },
            PrimitiveKind.Int => new ColumnType { DataType = DataType.Bigint, IntegerBits = 32 },
            PrimitiveKind.Long => new ColumnType { DataType = DataType.Bigint, IntegerBits = 64 },
            PrimitiveKind.Double => new ColumnType { DataType = DataType.Double },
            PrimitiveKind.Decimal => new ColumnType { DataType = DataType.Decimal, Precision = type.Precision, Scale = type.Scale },
            PrimitiveKind.Date => new ColumnType { DataType = DataType.Date },
            PrimitiveKind.Time => new ColumnType { DataType = DataType.Time, FractionDigits = 6 },
            PrimitiveKind.Timestamp => new ColumnType { DataType = DataType.Timestamp, FractionDigits = 6 },
            PrimitiveKind.TimestampTz => new ColumnType { DataType = DataType.Timestamp, FractionDigits = 6, IsUtc = true },
            PrimitiveKind.String => new ColumnType { DataType = DataType.Text },
            PrimitiveKind.Binary => new ColumnType { DataType = DataType.Binary },
            PrimitiveKind.Fixed => new ColumnType { DataType = DataType.Binary, FixedBytes = type.Length },
            PrimitiveKind.Uuid => new ColumnType { DataType = DataType.Binary, FixedBytes = UuidBytes },
            _ => null,
        };
        if (column is not { } known) return null;
        return new(field.Name, known, field.IsRequired, field.Id) { HasIntegerDecimals = true, IsUuid = type.Kind == PrimitiveKind.Uuid };
    }
}
