namespace Dlt.Iceberg;

/// <summary>The calls that remove an old partition spec from a table, for messages.</summary>
internal static class SpecRemoval
{
    /// <summary>
    /// The calls in order: move files to the current spec, drop the manifests of the old spec, expire older snapshots, remove the spec.
    /// </summary>
    public const string Calls =
        "table.CompactAsync(rewriteAll: true), RewriteManifestsAsync(), ExpireSnapshotsAsync(), RemoveUnusedSpecsAsync()";
}
