namespace Dlt.Iceberg;

/// <summary>Names of columns in Glue and Athena, which know no case: <c>Id</c> and <c>id</c> are one column there (docs/spec/iceberg.md
/// 7.3).</summary>
internal static class GlueNames
{
    /// <summary>Checks that no two columns of a struct differ by case only.</summary>
    /// <param name="before">The table before the change, whose own clashes do not hinder other changes; null for a new table.</param>
    /// <param name="next">The table after it.</param>
    /// <exception cref="IcebergException">Two names are the same without case.</exception>
    public static void Check(TableMetadata? before, TableMetadata next)
    {
        if (Clash(next.CurrentSchema) is not { } clash) return;
        if (before is not null && Clash(before.CurrentSchema) == clash) return;
        throw IcebergException.Illegal(
            $"Columns '{clash.First}' and '{clash.Second}' differ by case only, and Glue and Athena know no case: the table could not be "
            + "read there. Give one of them another name.");
    }

    /// <summary>Columns whose names have capitals.</summary>
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
