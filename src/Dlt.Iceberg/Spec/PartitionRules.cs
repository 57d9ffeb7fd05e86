using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Rules for the fields of a partition spec (docs/spec/iceberg.md 4.1, 4.5).</summary>
internal static class PartitionRules
{
    /// <summary>Checks the fields of a spec before it becomes the default spec.</summary>
    /// <exception cref="IcebergException">
    /// A field has no source column, a transform that does not accept its source, or a name that clashes.
    /// </exception>
    public static void Check(ImmutableArray<PartitionField> fields, Schema schema)
    {
        foreach (var field in fields)
            TransformSource.Check(field.Transform, field.SourceId, schema, $"Partition field '{field.Name}' cannot use");
        PartitionNames.Check(fields, schema);
        var twice = fields.Where(f => f.Transform is TimeTransform).GroupBy(f => (f.SourceId, f.Transform))
            .FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw IcebergException.Illegal($"Column '{schema.NameOf(twice.Key.SourceId)}' is partitioned by {twice.Key.Transform} twice.");
    }

    /// <summary>Checks fields that are added together, in a new table or in one change.</summary>
    /// <exception cref="IcebergException">
    /// Two fields divide rows by the same values, or other engines cannot read the values of a field.
    /// </exception>
    public static void CheckAdded(IReadOnlyList<PartitionField> added, Schema schema)
    {
        foreach (var field in added)
        {
            if (field.Transform is IdentityTransform && schema.Find(field.SourceId)?.Type is PrimitiveType { Kind: PrimitiveKind.Fixed })
            {
                throw IcebergException.Illegal(
                    $"Partition field '{field.Name}' is the identity of '{schema.NameOf(field.SourceId)}', which has the type fixed. "
                    + "No Java engine reads manifests with such values. Partition by bucket, or change the column to binary.");
            }
        }

        if (added.GroupBy(f => (f.SourceId, Redundancy(f.Transform))).FirstOrDefault(g => g.Count() > 1) is not { } pair) return;
        var fields = pair.Take(2).ToList();
        throw IcebergException.Illegal(
            $"Column '{schema.NameOf(pair.Key.SourceId)}' is partitioned by {fields[0].Transform} and by {fields[1].Transform} in one "
            + "new spec, which Java engines reject. The finer transform alone divides the rows in the same way. "
            + $"Remove '{fields[0].Name}' or '{fields[1].Name}'.");
    }

    /// <summary>Year, month, day and hour count as the same transform of a column (Java: Transform.dedupName).</summary>
    private static string Redundancy(Transform transform) => transform is TimeTransform ? "time" : transform.ToString()!;
}
