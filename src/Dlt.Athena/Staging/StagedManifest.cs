using Dlt.Iceberg;
using Dlt.Json;

namespace Dlt.Destinations.Staging;

/// <summary>
/// The receipt of a job staged for an Iceberg table: its data files as an Iceberg manifest, and the table that they were written for.
/// </summary>
internal static class StagedManifest
{
    /// <summary>Writes the receipt of staged data files.</summary>
    /// <param name="metadata">Metadata of the table that they were written for.</param>
    /// <param name="files">The files, all with the table's default partition spec; empty for a job without rows.</param>
    public static ReadOnlyMemory<byte> Write(TableMetadata metadata, IReadOnlyList<DataFile> files)
    {
        var receipt = JsonValue.Object(
            ("table-uuid", JsonValue.String(metadata.TableUuid ?? "")),
            ("schema-id", JsonValue.Integer(metadata.CurrentSchemaId)),
            ("spec-id", JsonValue.Integer(metadata.DefaultSpecId)));
        if (files.Count > 0)
        {
            var manifest = new ManifestWriter(metadata, metadata.DefaultSpecId, isDeletes: false);
            foreach (var file in files) manifest.Add(EntryToWrite.Added(file, snapshotId: 0));
            var (content, _) = manifest.Complete("", snapshotId: 0, sequenceNumber: 0);
            receipt = receipt.With("manifest", JsonValue.String(Convert.ToBase64String(content)));
        }

        return JsonText.WriteUtf8(receipt);
    }

    /// <summary>Reads the data files of a receipt.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="metadata">Current metadata of the table.</param>
    /// <param name="allowsNewerColumns">
    /// True: the table may have got columns since. Its other columns keep their ids, so the files are still right, but they lack those.
    /// </param>
    /// <param name="allowsOtherSpecs">True: the partitions of the table may have changed since.</param>
    /// <returns>
    /// Null when the files cannot be published: the receipt is damaged, the table is another one, or its columns or partitions have
    /// changed.
    /// </returns>
    public static IReadOnlyList<DataFile>? TryRead(
        ReadOnlyMemory<byte> receipt, TableMetadata metadata, bool allowsNewerColumns = false, bool allowsOtherSpecs = false)
    {
        try
        {
            if (receipt.IsEmpty) return null;
            var json = JsonParser.Parse(receipt.Span);
            var isOfTable = json["table-uuid"]?.AsString() == (metadata.TableUuid ?? "")
                && (json["schema-id"]?.AsInt64() == metadata.CurrentSchemaId
                    || (allowsNewerColumns && json["schema-id"] is { } id && metadata.SchemaOf((int)id.AsInt64()) is not null))
                && (json["spec-id"]?.AsInt64() == metadata.DefaultSpecId || allowsOtherSpecs);
            if (!isOfTable || metadata.SpecOf((int)json["spec-id"]!.AsInt64()) is not { } spec) return null;
            if (json["manifest"] is not { } content) return [];
            var manifest = new ManifestFile { Path = "receipt", SpecId = spec.SpecId };
            var entries = ManifestReader.Read(Convert.FromBase64String(content.AsString()), manifest, spec);
            return [.. entries.Select(e => e.File with { TableUuid = metadata.TableUuid })];
        }
        catch (Exception error) when (error is JsonFormatException or FormatException or InvalidOperationException or IcebergException)
        {
            return null;
        }
    }
}
