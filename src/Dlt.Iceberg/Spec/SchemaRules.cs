namespace Dlt.Iceberg;

/// <summary>Rules for schemas (docs/spec/iceberg.md 2.2).</summary>
internal static class SchemaRules
{
    /// <param name="schema">Schema with the columns.</param>
    /// <param name="version">Format version of the table.</param>
    /// <exception cref="IcebergException">The schema breaks a rule.</exception>
    public static void Check(Schema schema, int version)
    {
        var isOld = version < TableMetadata.HighestVersion;
        foreach (var (field, name) in schema.AllFields)
        {
            if (field.Name.Length == 0) throw IcebergException.Illegal("A column has no name.");
            if (isOld && field.Type is PrimitiveType { NeedsVersion3: true } type)
                throw IcebergException.Illegal($"Column '{name}' is of the type {type}, which tables of version 2 do not have.");
            if (isOld && (field.InitialDefault is not null || field.WriteDefault is not null))
                throw IcebergException.Illegal($"Column '{name}' has a default, which tables of version 2 do not have.");
        }

        foreach (var id in schema.IdentifierFieldIds)
        {
            var path = schema.PathTo(id) ?? throw IcebergException.Illegal($"The identifier field {id} is not in the schema.");
            if (!path.All(f => f.IsRequired)
                || path[^1].Type is not PrimitiveType { Kind: not (PrimitiveKind.Float or PrimitiveKind.Double) }
                || path[..^1].Any(f => f.Type is not StructType))
                throw IcebergException.Illegal(
                    $"'{schema.NameOf(id)}' cannot identify rows: it must be required, must not be a float or double, and must not be in "
                    + "a list, map or optional struct.");
        }
    }
}
