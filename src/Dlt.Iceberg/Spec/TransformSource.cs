namespace Dlt.Iceberg;

/// <summary>Checks the source column of a partition field or sort field (docs/spec/iceberg.md 2.2, 4.1).</summary>
internal static class TransformSource
{
    /// <summary>Checks that the schema has the field, that it is outside lists and maps, and that the transform accepts its type.</summary>
    /// <param name="transform">Transform of the partition or sort field.</param>
    /// <param name="sourceId">Field id of the source column.</param>
    /// <param name="schema">Schema with the source column.</param>
    /// <param name="use">Beginning of the message, such as <c>The table cannot be sorted by</c>.</param>
    /// <exception cref="IcebergException">A check failed.</exception>
    public static void Check(Transform transform, int sourceId, Schema schema, string use)
    {
        if (schema.PathTo(sourceId) is not { } path)
            throw IcebergException.Illegal($"{use} {transform} of the field {sourceId}, which the schema does not have.");
        var name = schema.NameOf(sourceId);
        if (path[..^1].Any(f => f.Type is not StructType))
            throw IcebergException.Illegal($"{use} '{name}', which is within a list or map.");
        if (path[^1].Type is not PrimitiveType type || transform.ResultType(type) is null)
            throw IcebergException.Illegal($"{use} {transform} of '{name}', which is {path[^1].Type}.");
    }
}
