namespace Dlt.Iceberg;

/// <summary>Folders of a table's files (docs/spec/iceberg.md 2.5).</summary>
internal static class TableLocations
{
    /// <summary>Name of the property with the folder for data and delete files.</summary>
    public const string DataPath = "write.data.path";

    /// <summary>Name of the property with the folder for metadata files, manifests and manifest lists.</summary>
    public const string MetadataPath = "write.metadata.path";

    /// <summary>
    /// Older name of <see cref="DataPath"/>, which counts only with the layout of object stores. Athena sets it for its tables.
    /// </summary>
    public const string ObjectStoragePath = "write.object-storage.path";

    private const string FolderStoragePath = "write.folder-storage.path";
    private const string ObjectStorage = "write.object-storage.enabled";

    public static string Metadata(TableMetadata metadata) =>
        metadata.Properties.TryGetValue(MetadataPath, out var path) ? path.TrimEnd('/') : metadata.Location + "/metadata";

    /// <summary>The folder of data files: the newest name of the property wins, as in Java.</summary>
    public static string Data(TableMetadata metadata)
    {
        var path = metadata.Properties.GetValueOrDefault(DataPath)
            ?? (IsHashed(metadata) ? metadata.Properties.GetValueOrDefault(ObjectStoragePath) : null)
            ?? metadata.Properties.GetValueOrDefault(FolderStoragePath);
        return path?.TrimEnd('/') ?? metadata.Location + "/data";
    }

    /// <summary>True if data files are in folders by hash (docs/spec/iceberg.md 2.7).</summary>
    public static bool IsHashed(TableMetadata metadata) =>
        "true".Equals(metadata.Properties.GetValueOrDefault(ObjectStorage), StringComparison.OrdinalIgnoreCase);
}
