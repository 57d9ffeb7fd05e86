using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// Marks uuid columns of a file of the Arrow library, which writes them as 16 bytes only: without the mark, Java reads bytes
/// (docs/spec/iceberg.md 5.1).
/// </summary>
internal static class UuidAnnotation
{
    /// <param name="path">A complete file with field ids.</param>
    /// <param name="schema">Tells which of them are uuids, at any depth.</param>
    public static void Apply(string path, Schema schema)
    {
        if (!schema.Fields.Any(f => HasUuid(f.Type))) return;
        var footer = ParquetFooter.Read(path);
        foreach (var element in footer.Elements)
        {
            var type = element.FieldId is { } id ? schema.Find(id)?.Type : null;
            if (type is PrimitiveType { Kind: PrimitiveKind.Uuid }) element.MarkAsUuid();
        }

        footer.Save();
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
