namespace Dlt.Iceberg;

/// <summary>Checks column names for Glue and Athena, which ignore case: <c>Id</c> and <c>id</c> are the same column there
/// (docs/spec/iceberg.md 7.3).</summary>
internal static class GlueNames
{
    /// <summary>Checks that no two columns of a struct differ only by case.</summary>
    /// <param name="before">Metadata before the change; null for a new table. A clash that it already has is not an error.</param>
    /// <param name="next">Metadata after the change.</param>
    /// <exception cref="IcebergException">Two names differ only by case.</exception>
    public static void Check(TableMetadata? before, TableMetadata next)
    {
        if (Clash(next.CurrentSchema) is not { } clash) return;
        if (before is not null && Clash(before.CurrentSchema) == clash) return;
        throw IcebergException.Illegal(
            $"Columns '{clash.First}' and '{clash.Second}' differ only by case. Glue and Athena ignore case and could not read the table. "
            + "Rename one of them.");
    }

    /// <summary>Lists the top-level columns whose names contain capital letters.</summary>
    public static IEnumerable<string> MixedCase(Schema schema) => schema.Fields.Select(f => f.Name).Where(n => n != n.ToLowerInvariant());

    private static (string First, string Second)? Clash(Schema schema) =>
        Clash(schema.Fields, "") ?? schema.AllFields.Select(f => Clash(f.Field.Type, f.FullName)).FirstOrDefault(c => c is not null);

    private static (string First, string Second)? Clash(IcebergType type, string fullName) =>
        type is StructType structure ? Clash(structure.Fields, fullName + ".") : null;

    private static (string First, string Second)? Clash(IEnumerable<NestedField> fields, string around)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in fields)
            if (!seen.TryAdd(field.Name, field.Name)) return (around + seen[field.Name], around + field.Name);
        return null;
    }
}
