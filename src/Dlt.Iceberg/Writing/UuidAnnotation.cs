using Dlt.Parquet;

namespace Dlt.Iceberg;

/// <summary>
/// Marks the UUID columns of a file that the Arrow library wrote as plain 16-byte columns. Without the annotation, Java reads them as bytes
/// (docs/spec/iceberg.md 5.1).
/// </summary>
internal static class UuidAnnotation
{
    /// <summary>Marks the UUID columns of a file.</summary>
    /// <param name="path">Path of a complete file with field ids.</param>
    /// <param name="schema">Schema with the UUID fields, at any depth.</param>
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
