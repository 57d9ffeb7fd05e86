using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>What a sort order may be made of (docs/spec/iceberg.md 2.2).</summary>
internal static class SortRules
{
    /// <exception cref="IcebergException">A field has no source, lies in a list or map, or has a transform that does not take
    /// it.</exception>
    public static void Check(ImmutableArray<SortField> fields, Schema schema)
    {
        foreach (var field in fields) TransformSource.Check(field.Transform, field.SourceId, schema, "The table cannot be sorted by");
    }
}
