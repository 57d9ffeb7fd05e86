namespace Dlt.Iceberg;

/// <summary>Checks what a schema of version 2 may be (docs/spec/iceberg.md 2.2).</summary>
internal static class SchemaRules
{
    /// <exception cref="IcebergException">A rule of schemas is broken.</exception>
    public static void Check(Schema schema)
    {
        foreach (var (field, name) in schema.AllFields)
        {
            if (field.Name.Length == 0) throw IcebergException.Illegal("A column has no name.");
            if (field.Type is PrimitiveType { NeedsVersion3: true } type)
                throw IcebergException.Illegal($"Column '{name}' is of the type {type}, which tables of version 2 do not have.");
            if (field.InitialDefault is not null || field.WriteDefault is not null)
                throw IcebergException.Illegal($"Column '{name}' has a default, which tables of version 2 do not have.");
        }

        foreach (var id in schema.IdentifierFieldIds)
        {
            var path = schema.PathTo(id) ?? throw IcebergException.Illegal($"The identifier field {id} is not in the schema.");
            if (!path.All(f => f.IsRequired)
                || path[^1].Type is not PrimitiveType { Kind: not (PrimitiveKind.Float or PrimitiveKind.Double) }
                || path[..^1].Any(f => f.Type is not StructType))
                throw IcebergException.Illegal(
                    $"'{schema.NameOf(id)}' cannot identify rows: it must be required, no float or double, and in no list, map or "
                    + "optional struct.");
        }
    }
}
