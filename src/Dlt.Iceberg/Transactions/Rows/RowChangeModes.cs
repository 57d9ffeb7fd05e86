namespace Dlt.Iceberg;

/// <summary>The table's properties <c>write.delete.mode</c>, <c>write.update.mode</c> and <c>write.merge.mode</c> (docs/spec/iceberg.md
/// 2.5).</summary>
internal static class RowChangeModes
{
    /// <param name="metadata">The table.</param>
    /// <param name="statement"><c>delete</c>, <c>update</c> or <c>merge</c>.</param>
    /// <exception cref="IcebergException">The property has another value than the two that there are.</exception>
    public static RowChangeMode Of(TableMetadata metadata, string statement)
    {
        var property = $"write.{statement}.mode";
        return metadata.Properties.GetValueOrDefault(property)?.ToLowerInvariant() switch
        {
            null or "copy-on-write" => RowChangeMode.CopyOnWrite,
            "merge-on-read" => RowChangeMode.MergeOnRead,
            var other => throw IcebergException.Illegal(
                $"The table's property {property} is '{other}'. Set it to copy-on-write or merge-on-read, or name the mode in the call."),
        };
    }
}
