using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Rules for the fields of a sort order (docs/spec/iceberg.md 2.2).</summary>
internal static class SortRules
{
    /// <exception cref="IcebergException">
    /// A field has no source column, is in a list or map, or has a transform that does not accept its source.
    /// </exception>
    public static void Check(ImmutableArray<SortField> fields, Schema schema)
    {
        foreach (var field in fields) TransformSource.Check(field.Transform, field.SourceId, schema, "The table cannot be sorted by");
    }
}
