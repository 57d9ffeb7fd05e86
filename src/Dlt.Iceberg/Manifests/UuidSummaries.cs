namespace Dlt.Iceberg;

/// <summary>
/// Removes summaries of UUID partitions with bounds in the wrong order for some engines (<see cref="UuidRange"/>). Such engines would skip
/// the manifest and miss its rows.
/// </summary>
internal static class UuidSummaries
{
    /// <summary>The manifest without summaries that some engines misread. Older manifest lists contain such summaries.</summary>
    public static ManifestFile Safe(ManifestFile manifest, TableMetadata metadata) =>
        IsMisread(manifest, metadata) ? manifest with { Partitions = default } : manifest;

    private static bool IsMisread(ManifestFile manifest, TableMetadata metadata)
    {
        if (metadata.SpecOf(manifest.SpecId) is not { } spec || manifest.Partitions.IsDefault) return false;
        if (manifest.Partitions.Length != spec.Fields.Length) return false;
        for (var i = 0; i < spec.Fields.Length; i++)
        {
            var field = spec.Fields[i];
            if (field.Transform is not IdentityTransform) continue;
            var types = metadata.Schemas.Prepend(metadata.CurrentSchema).Select(s => PartitionSpec.ResultType(field, s));
            if (types.FirstOrDefault(t => t is not null) is not { Kind: PrimitiveKind.Uuid } type) continue;
            if (AreMisread(type, manifest.Partitions[i].LowerBound, manifest.Partitions[i].UpperBound)) return true;
        }

        return false;
    }

    /// <summary>True if the lower bound is above the upper bound in one of the two UUID orders.</summary>
    public static bool AreMisread(PrimitiveType type, byte[]? lower, byte[]? upper) =>
        lower is not null && upper is not null
        && SingleValue.TryDecode(type, lower, out var least) && SingleValue.TryDecode(type, upper, out var greatest)
        && (UuidRange.Compare((Guid)least!, (Guid)greatest!) > 0 || UuidRange.CompareSigned((Guid)least!, (Guid)greatest!) > 0);
}
