namespace Dlt.Iceberg;

/// <summary>Folders of a table's files (docs/spec/iceberg.md 2.5).</summary>
internal static class TableLocations
{
    public static string Metadata(TableMetadata metadata) =>
        metadata.Properties.TryGetValue("write.metadata.path", out var path) ? path.TrimEnd('/') : metadata.Location + "/metadata";

    public static string Data(TableMetadata metadata) =>
        metadata.Properties.TryGetValue("write.data.path", out var path) ? path.TrimEnd('/') : metadata.Location + "/data";
}
