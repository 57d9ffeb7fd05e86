using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>What a sort order may be made of (spec/iceberg.md 2.2).</summary>
internal static class SortRules
{
    /// <exception cref="IcebergException">A field has no source, lies in a list or map, or has a transform that does not take
    /// it.</exception>
    public static void Check(ImmutableArray<SortField> fields, Schema schema)
    {
        foreach (var field in fields)
        {
            var path = schema.PathTo(field.SourceId) ?? throw IcebergException.Illegal(
                $"The table cannot be sorted by {field.Transform} of the field {field.SourceId}, which its schema does not have.");
            var name = schema.NameOf(field.SourceId);
            if (path[..^1].Any(f => f.Type is not StructType))
                throw IcebergException.Illegal($"The table cannot be sorted by '{name}', which is within a list or map.");
            if (path[^1].Type is not PrimitiveType type || field.Transform.ResultType(type) is null)
                throw IcebergException.Illegal($"The table cannot be sorted by {field.Transform} of '{name}', which is {path[^1].Type}.");
        }
    }
}
