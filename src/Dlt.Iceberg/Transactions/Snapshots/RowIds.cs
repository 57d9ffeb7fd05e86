namespace Dlt.Iceberg;

/// <summary>Row ids that a snapshot of format version 3 gives to its manifests (docs/spec/iceberg.md 1.4).</summary>
/// <param name="First">The first of the ids: the table's next row id before the commit.</param>
/// <param name="Count">Number of ids that the snapshot uses.</param>
internal readonly record struct RowIds(long First, long Count)
{
    /// <summary>
    /// Gives ids to the data manifests that have none. Their files without an id of their own inherit from them. Nothing changes in a table
    /// without row lineage.
    /// </summary>
    /// <returns>The manifests for the list, and the used ids; null without row lineage.</returns>
    public static (List<ManifestFile> Manifests, RowIds? Ids) Assign(List<ManifestFile> manifests, TableMetadata metadata)
    {
        if (!metadata.HasRowLineage()) return (manifests, null);
        var next = metadata.NextRowId;
        var assigned = new List<ManifestFile>(manifests.Count);
        foreach (var manifest in manifests)
        {
            var isAssigned = manifest.IsDeletes || manifest.FirstRowId is not null;
            assigned.Add(isAssigned ? manifest : manifest with { FirstRowId = next });
            if (!isAssigned) next += manifest.AddedRows!.Value + manifest.ExistingRows!.Value;
        }

        return (assigned, new(metadata.NextRowId, next - metadata.NextRowId));
    }
}
