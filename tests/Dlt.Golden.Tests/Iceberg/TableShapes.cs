using Dlt.Golden.Harness;
using Dlt.Json;

namespace Dlt.Golden.Iceberg;

/// <summary>The words of <c>expected.json</c> that the driver knows.</summary>
internal static class TableShapes
{
    /// <exception cref="NotDrivenException">There is another word.</exception>
    public static void Check(JsonValue expected)
    {
        Words.Check(
            expected, "expected", "case", "writer", "formatVersion", "metadata", "metadataLocation", "currentSnapshotId",
                "currentSchemaId", "schemas", "partitionSpecs", "defaultSpecId", "refs", "head", "snapshots", "manifests",
            "files", "readers", "notes");
        foreach (var snapshot in expected["snapshots"]!.Items)
        {
            Words.Check(
                snapshot, "snapshots", "snapshotId", "parentId", "sequenceNumber", "timestampMs", "operation", "schemaId", "summary",
                    "manifestList", "manifests", "liveFiles", "readSchemaId", "rowCount", "rows", "deletesApplied", "firstRowId",
                "addedRows", "sequenceNumbers");
        }

        foreach (var (_, manifest) in expected["manifests"]!.Members)
        {
            Words.Check(
                manifest, "manifests", "path", "length", "content", "specId", "sequenceNumber", "minSequenceNumber", "addedSnapshotId",
                    "addedFiles", "existingFiles", "deletedFiles", "addedRows", "existingRows", "deletedRows", "partitions", "firstRowId");
        }

        foreach (var (_, file) in expected["files"]!.Members)
        {
            Words.Check(
                file, "files", "path", "content", "format", "specId", "partition", "partitionPath", "recordCount", "size", "columnSizes",
                    "valueCounts", "nullCounts", "nanCounts", "lowerBounds", "upperBounds", "splitOffsets", "equalityIds",
                "sortOrderId", "dataSequenceNumber", "fileSequenceNumber", "referencedDataFile", "contentOffset", "contentSize",
                    "firstRowId");
        }
    }
}
