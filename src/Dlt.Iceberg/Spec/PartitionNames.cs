using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>
/// Names of partition fields and of columns (docs/spec/iceberg.md 4.5; Java: PartitionSpec.Builder.checkAndAddPartitionName). A column may be
/// called as a partition field only when the field is the identity of that very column: every Java engine refuses the whole table
/// otherwise, whichever spec has the field, the default one or an older.
/// </summary>
internal static class PartitionNames
{
    /// <summary>Checks a schema that is to become the current one against all specs.</summary>
    /// <param name="schema">The new schema.</param>
    /// <param name="before">The current one: a clash that it has already does not hinder changes that leave it as it is, or mend
    /// it.</param>
    /// <param name="specs">All specs of the table.</param>
    /// <exception cref="IcebergException">A column of the new schema has the name of a partition field that is made of another
    /// one.</exception>
    public static void Check(Schema schema, Schema before, IEnumerable<PartitionSpec> specs)
    {
        foreach (var spec in specs)
        {
            foreach (var field in spec.Fields)
            {
                if (schema.Find(field.Name) is not { } column || IsSame(field, column) || before.Find(field.Name)?.Id == column.Id)
                    continue;
                throw IcebergException.Illegal(
                    $"A column cannot be called '{field.Name}': partition spec {spec.SpecId} of the table has a field of that name "
                    + $"({field.Transform} of '{SourceOf(field, schema, before)}'), "
                    + "and no Java engine (Spark, Trino, Athena) could open the table any more. Give the column another name, "
                    + $"or the partition field: UpdateSpec(s => s.RenameField(\"{field.Name}\", …)), then remove spec {spec.SpecId}: "
                    + $"{SpecRemoval.Calls}.");
            }
        }
    }

    /// <summary>Checks the fields of a new spec against the columns.</summary>
    /// <exception cref="IcebergException">A field has the name of a column that it is not made of, or two fields have one name.</exception>
    public static void Check(ImmutableArray<PartitionField> fields, Schema schema)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            if (field.Name.Length == 0) throw IcebergException.Illegal("A partition field has no name.");
            if (!names.Add(field.Name))
                throw IcebergException.Illegal($"There are two partition fields '{field.Name}'. Give one of them another name.");
            if (schema.Find(field.Name) is { } column && !IsSame(field, column))
                throw IcebergException.Illegal($"A partition field cannot be called '{field.Name}' as a column is. Give it another name.");
        }
    }

    private static bool IsSame(PartitionField field, NestedField column) =>
        field.Transform is IdentityTransform or VoidTransform && column.Id == field.SourceId;

    private static string SourceOf(PartitionField field, Schema schema, Schema before) =>
        schema.NameOf(field.SourceId) ?? before.NameOf(field.SourceId) ?? $"the dropped field {field.SourceId}";
}
