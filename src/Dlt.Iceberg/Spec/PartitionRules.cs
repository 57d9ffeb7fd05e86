using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>What the fields of a partition spec may be made of (docs/spec/iceberg.md 4.1, 4.5).</summary>
internal static class PartitionRules
{
    /// <summary>Checks the fields of a spec that is to become the default one.</summary>
    /// <exception cref="IcebergException">A field has no source, a transform that does not take it, or a name that is taken.</exception>
    public static void Check(ImmutableArray<PartitionField> fields, Schema schema)
    {
        foreach (var field in fields)
            TransformSource.Check(field.Transform, field.SourceId, schema, $"Partition field '{field.Name}' cannot be made of");
        PartitionNames.Check(fields, schema);
        var twice = fields.Where(f => f.Transform is TimeTransform).GroupBy(f => (f.SourceId, f.Transform))
            .FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw IcebergException.Illegal($"Column '{schema.NameOf(twice.Key.SourceId)}' is partitioned by {twice.Key.Transform} twice.");
    }

    /// <summary>Checks fields that are added at once: those of a new table, or those of one change.</summary>
    /// <exception cref="IcebergException">Two of them divide rows by the same thing, or one by values that other engines do not
    /// read.</exception>
    public static void CheckAdded(IReadOnlyList<PartitionField> added, Schema schema)
    {
        foreach (var field in added)
        {
            if (field.Transform is IdentityTransform && schema.Find(field.SourceId)?.Type is PrimitiveType { Kind: PrimitiveKind.Fixed })
            {
                throw IcebergException.Illegal(
                    $"Partition field '{field.Name}' is the identity of '{schema.NameOf(field.SourceId)}', which is fixed: no Java "
                    + "engine reads manifests with such values. "
                    + "Partition by bucket, or make the column binary.");
            }
        }

        if (added.GroupBy(f => (f.SourceId, Redundancy(f.Transform))).FirstOrDefault(g => g.Count() > 1) is not { } pair) return;
        var fields = pair.Take(2).ToList();
        throw IcebergException.Illegal(
            $"Column '{schema.NameOf(pair.Key.SourceId)}' is partitioned by {fields[0].Transform} and by {fields[1].Transform} in one "
            + "new spec, which Java engines refuse: "
            + $"the finer one divides the rows enough. Leave out '{fields[0].Name}' or '{fields[1].Name}'.");
    }

    /// <summary>Year, month, day and hour say the same of a column (Java: Transform.dedupName).</summary>
    private static string Redundancy(Transform transform) => transform is TimeTransform ? "time" : transform.ToString()!;
}
