namespace Dlt.Iceberg;

/// <summary>Reads the table properties <c>write.delete.mode</c>, <c>write.update.mode</c> and <c>write.merge.mode</c>
/// (docs/spec/iceberg.md 2.5).</summary>
internal static class RowChangeModes
{
    /// <summary>Returns the mode for a statement, copy-on-write by default.</summary>
    /// <param name="metadata">Metadata of the table.</param>
    /// <param name="statement"><c>delete</c>, <c>update</c> or <c>merge</c>.</param>
    /// <exception cref="IcebergException">The property has an unknown value.</exception>
    public static RowChangeMode Of(TableMetadata metadata, string statement)
    {
        var property = $"write.{statement}.mode";
        return metadata.Properties.GetValueOrDefault(property)?.ToLowerInvariant() switch
        {
            null or "copy-on-write" => RowChangeMode.CopyOnWrite,
            "merge-on-read" => RowChangeMode.MergeOnRead,
            var other => throw IcebergException.Illegal(
                $"The table property {property} is '{other}'. Set it to copy-on-write or merge-on-read, or give the mode in the call."),
        };
    }
}
