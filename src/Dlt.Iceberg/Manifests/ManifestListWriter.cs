using System.Globalization;
using Dlt.Iceberg.Avro;

namespace Dlt.Iceberg;

/// <summary>Writes manifest lists of versions 2 and 3 (docs/spec/iceberg.md 3.3).</summary>
internal static class ManifestListWriter
{
    /// <param name="manifests">The manifests of the snapshot.</param>
    /// <param name="snapshotId">Id of the snapshot.</param>
    /// <param name="parentSnapshotId">Id of its parent; null for the first snapshot.</param>
    /// <param name="sequenceNumber">Sequence number of the snapshot.</param>
    /// <param name="firstRowId">First row id of the snapshot; null for a list of version 2.</param>
    public static byte[] Write(
        IEnumerable<ManifestFile> manifests, long snapshotId, long? parentSnapshotId, long sequenceNumber, long? firstRowId = null)
    {
        var hasRowIds = firstRowId is not null;
        List<KeyValuePair<string, string>> header =
        [
            new("snapshot-id", snapshotId.ToString(CultureInfo.InvariantCulture)),
            new("parent-snapshot-id", parentSnapshotId?.ToString(CultureInfo.InvariantCulture) ?? "null"),
            new("sequence-number", sequenceNumber.ToString(CultureInfo.InvariantCulture)),
            new("format-version", hasRowIds ? "3" : "2"),
        ];
        if (firstRowId is { } first) header.Add(new("first-row-id", first.ToString(CultureInfo.InvariantCulture)));
        var file = new AvroFileWriter(ManifestSchemas.ManifestList(hasRowIds), header);
        foreach (var manifest in manifests) file.Add(avro => Write(avro, manifest, hasRowIds));
        return file.Complete();
    }

    private static void Write(AvroEncoder avro, ManifestFile manifest, bool hasRowIds)
    {
        avro.String(manifest.Path);
        avro.Long(manifest.Length);
        avro.Long(manifest.SpecId);
        avro.Long(manifest.IsDeletes ? 1 : 0);
        avro.Long(manifest.SequenceNumber);
        avro.Long(manifest.MinSequenceNumber);
        avro.Long(manifest.AddedSnapshotId);
        avro.Long(manifest.AddedFiles!.Value);
        avro.Long(manifest.ExistingFiles!.Value);
        avro.Long(manifest.DeletedFiles!.Value);
        avro.Long(manifest.AddedRows!.Value);
        avro.Long(manifest.ExistingRows!.Value);
        avro.Long(manifest.DeletedRows!.Value);
        if (avro.Optional(!manifest.Partitions.IsDefault))
        {
            if (manifest.Partitions.Length > 0) avro.Long(manifest.Partitions.Length);
            foreach (var summary in manifest.Partitions)
            {
                avro.Bool(summary.ContainsNull);
                if (avro.Optional(summary.ContainsNan is not null)) avro.Bool(summary.ContainsNan!.Value);
                if (avro.Optional(summary.LowerBound is not null)) avro.Bytes(summary.LowerBound);
                if (avro.Optional(summary.UpperBound is not null)) avro.Bytes(summary.UpperBound);
            }

            avro.Long(0);
        }

        if (avro.Optional(manifest.KeyMetadata is not null)) avro.Bytes(manifest.KeyMetadata);
        if (hasRowIds && avro.Optional(manifest.FirstRowId is not null)) avro.Long(manifest.FirstRowId!.Value);
    }
}
