using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>
/// Checks names of partition fields and columns for clashes (docs/spec/iceberg.md 4.5; Java:
/// PartitionSpec.Builder.checkAndAddPartitionName). A column may have the name of a partition field only if the field is the identity of
/// this column. Otherwise no Java engine can open the table, even if the field belongs to an old spec.
/// </summary>
internal static class PartitionNames
{
    /// <summary>Checks a schema, before it becomes the current one, against all specs.</summary>
    /// <param name="schema">New schema.</param>
    /// <param name="before">Current schema. A clash that it already has does not block changes that keep or fix it.</param>
    /// <param name="specs">All partition specs of the table.</param>
    /// <exception cref="IcebergException">
    /// A column of the new schema has the name of a partition field with a different source column.
    /// </exception>
    public static void Check(Schema schema, Schema before, IEnumerable<PartitionSpec> specs)
    {
        foreach (var spec in specs)
        {
            foreach (var field in spec.Fields)
            {
                if (schema.Find(field.Name) is not { } column || IsSame(field, column) || before.Find(field.Name)?.Id == column.Id)
                    continue;
                var source = SourceOf(field, schema, before);
                throw IcebergException.Illegal(
                    $"A column cannot be named '{field.Name}': partition spec {spec.SpecId} of the table has a field of this name "
                    + $"({field.Transform} of '{source}'), and no Java engine (Spark, Trino, Athena) could open the table. "
                    + "Choose another column name, or rename the partition field: "
                    + $"UpdateSpec(s => s.RenameField(\"{field.Name}\", …)), then remove spec {spec.SpecId}: {SpecRemoval.Calls}.");
            }
        }
    }

    /// <summary>Checks the fields of a new spec against the columns.</summary>
    /// <exception cref="IcebergException">
    /// A field has the name of a column that is not its source, or two fields have the same name.
    /// </exception>
    public static void Check(ImmutableArray<PartitionField> fields, Schema schema)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            if (field.Name.Length == 0) throw IcebergException.Illegal("A partition field has no name.");
            if (!names.Add(field.Name))
                throw IcebergException.Illegal($"Two partition fields have the name '{field.Name}'. Rename one of them.");
            if (schema.Find(field.Name) is { } column && !IsSame(field, column))
                throw IcebergException.Illegal($"A partition field cannot have the name '{field.Name}' of a column. Rename the field.");
        }
    }

    private static bool IsSame(PartitionField field, NestedField column) =>
        field.Transform is IdentityTransform or VoidTransform && column.Id == field.SourceId;

    private static string SourceOf(PartitionField field, Schema schema, Schema before) =>
        schema.NameOf(field.SourceId) ?? before.NameOf(field.SourceId) ?? $"the dropped field {field.SourceId}";
}
