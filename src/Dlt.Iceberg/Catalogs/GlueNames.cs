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

    private static NamePair? Clash(Schema schema)
    {
        if (Clash(schema.Fields, "") is { } clash) return clash;
        foreach (var (field, fullName) in schema.AllFields)
            if (field.Type is StructType structure && Clash(structure.Fields, fullName + ".") is { } inner) return inner;
        return null;
    }

    private static NamePair? Clash(IEnumerable<NestedField> fields, string around)
    {
        var seen = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in fields)
            if (!seen.TryAdd(field.Name, field.Name)) return new(around + seen[field.Name], around + field.Name);
        return null;
    }

    private sealed record NamePair(string First, string Second);
}
