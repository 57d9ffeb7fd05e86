using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Dlt.Iceberg;

/// <summary>
/// Locations of new data and delete files: one folder per partition or, with the table's property <c>write.object-storage.enabled</c>,
/// folders by hash (docs/spec/iceberg.md 2.6, 2.7).
/// </summary>
internal static class DataLocations
{
    private const int HashBits = 20;
    private const string PartitionedPaths = "write.object-storage.partitioned-paths";

    /// <summary>The location of a new file.</summary>
    /// <param name="metadata">Metadata of the table.</param>
    /// <param name="specId">Id of the partition spec.</param>
    /// <param name="partition">Partition values in the order of the spec's fields.</param>
    /// <param name="name">Name that is unique among the files of the table.</param>
    public static string Of(TableMetadata metadata, int specId, ImmutableArray<object?> partition, string name)
    {
        var folder = "";
        if (!partition.IsEmpty && metadata.SpecOf(specId) is { } spec)
            folder = PartitionPath.Of(spec, metadata.CurrentSchema, partition) + "/";
        var data = TableLocations.Data(metadata);
        return $"{data}/{(TableLocations.IsHashed(metadata) ? Hashed(metadata, data, folder, name) : folder + name)}";
    }

    /// <summary>Folders of a hash: its low 20 bits as binary digits, in groups of 4, 4, 4 and 8.</summary>
    public static string FoldersOf(string relativeName)
    {
        var hash = Murmur3.Hash(Encoding.UTF8.GetBytes(relativeName)) & ((1 << HashBits) - 1);
        var bits = hash.ToString("b20", CultureInfo.InvariantCulture);
        return $"{bits[..4]}/{bits[4..8]}/{bits[8..12]}/{bits[12..]}";
    }

    private static string Hashed(TableMetadata metadata, string data, string folder, string name)
    {
        var hasPaths = !metadata.Properties.TryGetValue(PartitionedPaths, out var text)
            || text.Equals("true", StringComparison.OrdinalIgnoreCase);
        var relative = hasPaths ? folder + name : name;
        // The end of the table's location separates tables that share a data folder.
        var context = data.StartsWith(metadata.Location, StringComparison.Ordinal) ? "" : EndOf(metadata.Location) + "/";
        return hasPaths || context.Length > 0 ? $"{FoldersOf(relative)}/{context}{relative}" : $"{FoldersOf(relative)}-{relative}";
    }

    /// <summary>The last two folders of a location.</summary>
    private static string EndOf(string location)
    {
        var parts = location.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('/', parts.TakeLast(2));
    }
}
