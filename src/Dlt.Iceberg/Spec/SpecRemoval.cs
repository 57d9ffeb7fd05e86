namespace Dlt.Iceberg;

/// <summary>How a partition spec that is not the default one leaves a table, for messages.</summary>
internal static class SpecRemoval
{
    /// <summary>The calls, in their order: files move to the current spec, manifests that list the removed ones are left out, older
    /// snapshots expire, the spec goes.</summary>
    public const string Calls =
        "table.CompactAsync(rewriteAll: true), RewriteManifestsAsync(), ExpireSnapshotsAsync(), RemoveUnusedSpecsAsync()";
}
