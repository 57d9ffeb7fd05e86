using Dlt.Parquet;
using Dlt.Parquet.Thrift;

namespace Dlt.Iceberg;

/// <summary>
/// Marks uuid columns of a file of the Arrow library, which writes them as 16 bytes only: without the mark, Java reads bytes
/// (spec/iceberg.md 5.1).
/// </summary>
internal static class UuidAnnotation
{
    private const short SchemaField = 2;
    private const short FieldIdField = 9;
    private const short LogicalTypeField = 10;
    private const short UuidType = 14;

    /// <param name="path">A complete file with field ids.</param>
    /// <param name="schema">Tells which of them are uuids, at any depth.</param>
    public static void Apply(string path, Schema schema)
    {
        if (!schema.Fields.Any(f => HasUuid(f.Type))) return;
        FooterEditor.Edit(path, footer =>
        {
            foreach (var element in footer[SchemaField]!.Value.List.Items.Select(e => e.Struct))
            {
                var type = element[FieldIdField] is { } id ? schema.Find((int)id.Long)?.Type : null;
                if (type is PrimitiveType { Kind: PrimitiveKind.Uuid }) element.Fields[LogicalTypeField] = Logical();
            }
        });
    }

    private static ThriftValue Logical()
    {
        var union = new ThriftStruct();
        union.Fields[UuidType] = new(ThriftType.Struct, new ThriftStruct());
        return new(ThriftType.Struct, union);
    }

    private static bool HasUuid(IcebergType type) => type switch
    {
        PrimitiveType primitive => primitive.Kind == PrimitiveKind.Uuid,
        StructType structure => structure.Fields.Any(f => HasUuid(f.Type)),
        ListType list => HasUuid(list.Element),
        MapType map => HasUuid(map.Key) || HasUuid(map.Value),
        _ => false,
    };
}
