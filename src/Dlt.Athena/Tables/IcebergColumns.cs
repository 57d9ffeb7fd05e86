using System.Collections.Immutable;
using Dlt.Parquet;
using Dlt.Iceberg;
using Dlt.Schemas;
using IcebergSchema = Dlt.Iceberg.Schema;

namespace Dlt.Destinations.Tables;

/// <summary>Maps columns of dlt to columns of Iceberg tables (docs/spec/athena-destination.md 4.1).</summary>
internal static class IcebergColumns
{
    /// <summary>Schema of a new table. Every column is optional, as in tables that Python dlt creates.</summary>
    public static IcebergSchema SchemaOf(TableSchema table)
    {
        var next = 1;
        NestedField FieldOf(ColumnSchema column)
        {
            var id = next++;
            return new(id, column.Name.ToLowerInvariant(), TypeOf(column, ref next)) { Doc = DescriptionOf(column) };
        }

        return new IcebergSchema([.. table.CompleteColumns.Select(FieldOf)]);
    }

    public static string? DescriptionOf(ColumnSchema column) =>
        column.Properties["description"] is { Kind: JsonKind.String } text ? text.AsString() : null;

    /// <summary>True when a stored type lacks struct fields of the wanted type.</summary>
    public static bool Lacks(IcebergType stored, IcebergType wanted) => (stored, wanted) switch
    {
        (StructType a, StructType b) =>
            b.Fields.Any(f => a.Fields.FirstOrDefault(s => s.Name == f.Name) is not { } own || Lacks(own.Type, f.Type)),
        (ListType a, ListType b) => Lacks(a.Element, b.Element),
        _ => false,
    };

    public static IcebergType TypeOf(ColumnSchema column)
    {
        var next = 1;
        return TypeOf(column, ref next);
    }

    /// <summary>True when values of the wanted type can be stored: the stored type is the same or a wider one.</summary>
    public static bool Fits(IcebergType stored, IcebergType wanted) => (stored, wanted) switch
    {
        (PrimitiveType { Kind: PrimitiveKind.Long }, PrimitiveType { Kind: PrimitiveKind.Int }) => true,
        (PrimitiveType { Kind: PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz },
            PrimitiveType { Kind: PrimitiveKind.Timestamp or PrimitiveKind.TimestampTz }) => true,
        (PrimitiveType a, PrimitiveType b) =>
            a == b || (a.Kind == PrimitiveKind.Decimal && b.Kind == PrimitiveKind.Decimal && a.Scale == b.Scale
                && a.Precision >= b.Precision),
        (ListType a, ListType b) => Fits(a.Element, b.Element),
        (MapType a, MapType b) => Fits(a.Key, b.Key) && Fits(a.Value, b.Value),
        (StructType a, StructType b) =>
            b.Fields.All(f => a.Fields.FirstOrDefault(s => s.Name == f.Name) is { } own && Fits(own.Type, f.Type)),
        _ => false,
    };

    private static IcebergType TypeOf(ColumnSchema column, ref int nextId) =>
        TypeOf(FileColumnTypes.Of(column, AthenaCapabilities.Default), ref nextId);

    private static IcebergType TypeOf(ColumnType type, ref int nextId)
    {
        switch (type.Nested)
        {
            case NestedColumnType.List list:
                return new ListType(nextId++, TypeOf(list.Element, ref nextId));
            case NestedColumnType.Map map:
                return new MapType(nextId++, TypeOf(map.Key, ref nextId), nextId++, TypeOf(map.Value, ref nextId));
            case NestedColumnType.Struct structure:
                var fields = ImmutableArray.CreateBuilder<NestedField>();
                foreach (var (name, member) in structure.Fields) fields.Add(new NestedField(nextId++, name, TypeOf(member, ref nextId)));
                return new StructType(fields.ToImmutable());
            default:
                return Scalar(type);
        }
    }

    private static PrimitiveType Scalar(ColumnType type) => type.DataType switch
    {
        DataType.Double => new(PrimitiveKind.Double),
        DataType.Bool => new(PrimitiveKind.Boolean),
        DataType.Bigint => new(type.IntegerBits <= 32 ? PrimitiveKind.Int : PrimitiveKind.Long),
        DataType.Decimal or DataType.Wei => PrimitiveType.Decimal(type.Precision, type.Scale),
        DataType.Date => new(PrimitiveKind.Date),
        DataType.Timestamp => new(PrimitiveKind.Timestamp),
        DataType.Binary => new(PrimitiveKind.Binary),
        _ => new(PrimitiveKind.String),
    };
}
