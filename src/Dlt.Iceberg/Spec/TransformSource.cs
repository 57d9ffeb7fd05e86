namespace Dlt.Iceberg;

/// <summary>What the source of a transform may be, for partition fields and sort fields alike (docs/spec/iceberg.md 2.2, 4.1).</summary>
internal static class TransformSource
{
    /// <summary>Checks that the schema has the field, outside of lists and maps, and that the transform takes its type.</summary>
    /// <param name="transform">The transform.</param>
    /// <param name="sourceId">Id of the field.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="use">Begins the message, such as <c>The table cannot be sorted by</c>.</param>
    /// <exception cref="IcebergException">It is not so.</exception>
    public static void Check(Transform transform, int sourceId, Schema schema, string use)
    {
        if (schema.PathTo(sourceId) is not { } path)
            throw IcebergException.Illegal($"{use} {transform} of the field {sourceId}, which its schema does not have.");
        var name = schema.NameOf(sourceId);
        if (path[..^1].Any(f => f.Type is not StructType))
            throw IcebergException.Illegal($"{use} '{name}', which is within a list or map.");
        if (path[^1].Type is not PrimitiveType type || transform.ResultType(type) is null)
            throw IcebergException.Illegal($"{use} {transform} of '{name}', which is {path[^1].Type}.");
    }
}
