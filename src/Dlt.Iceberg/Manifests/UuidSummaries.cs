namespace Dlt.Iceberg;

/// <summary>
/// Summaries of uuid partitions whose bounds are the wrong way round in one of the two orders (<see cref="UuidRange"/>): engines of
/// that order skip the manifest, and lose its rows.
/// </summary>
internal static class UuidSummaries
{
    /// <summary>The manifest as a list may name it: without a summary that is misread. Older lists had such ones.</summary>
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
            var found = metadata.Schemas.Prepend(metadata.CurrentSchema).Select(s => PartitionSpec.ResultType(field, s))
                .FirstOrDefault(t => t is not null);
            if (found is not { Kind: PrimitiveKind.Uuid } type) continue;
            if (AreMisread(type, manifest.Partitions[i].LowerBound, manifest.Partitions[i].UpperBound)) return true;
        }

        return false;
    }

    /// <summary>True for bounds of a uuid whose order depends on who looks.</summary>
    public static bool AreMisread(PrimitiveType type, byte[]? lower, byte[]? upper) =>
        lower is not null && upper is not null
        && SingleValue.TryDecode(type, lower, out var least) && SingleValue.TryDecode(type, upper, out var greatest)
        && (UuidRange.Compare((Guid)least!, (Guid)greatest!) > 0 || UuidRange.CompareSigned((Guid)least!, (Guid)greatest!) > 0);
}
