using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Dlt.Iceberg;

/// <summary>Where new data and delete files go: a folder for each partition, or, by the table's property
/// <c>write.object-storage.enabled</c>, folders by hash (docs/spec/iceberg.md 2.6, 2.7).</summary>
internal static class DataLocations
{
    private const int HashBits = 20;

    /// <summary>Location of a file.</summary>
    /// <param name="metadata">The table.</param>
    /// <param name="specId">The spec of its partition.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="name">A name that no other file of the table has.</param>
    public static string Of(TableMetadata metadata, int specId, ImmutableArray<object?> partition, string name)
    {
        var folder = "";
        if (!partition.IsEmpty && metadata.SpecOf(specId) is { } spec)
            folder = PartitionPath.Of(spec, metadata.CurrentSchema, partition) + "/";
        var data = TableLocations.Data(metadata);
        var isHashed = IsSet(metadata, "write.object-storage.enabled", false);
        return $"{data}/{(isHashed ? Hashed(metadata, data, folder, name) : folder + name)}";
    }

    /// <summary>The folders of a hash: the low 20 bits as binary text, in groups of 4, 4, 4 and 8.</summary>
    public static string FoldersOf(string relativeName)
    {
        var hash = Murmur3.Hash(Encoding.UTF8.GetBytes(relativeName)) & ((1 << HashBits) - 1);
        var bits = hash.ToString("b20", CultureInfo.InvariantCulture);
        return $"{bits[..4]}/{bits[4..8]}/{bits[8..12]}/{bits[12..]}";
    }

    private static string Hashed(TableMetadata metadata, string data, string folder, string name)
    {
        var hasPaths = IsSet(metadata, "write.object-storage.partitioned-paths", true);
        var relative = hasPaths ? folder + name : name;
        // Tables that share a data folder are told apart by the end of their own.
        var context = data.StartsWith(metadata.Location, StringComparison.Ordinal) ? "" : EndOf(metadata.Location) + "/";
        return hasPaths || context.Length > 0 ? $"{FoldersOf(relative)}/{context}{relative}" : $"{FoldersOf(relative)}-{relative}";
    }

    /// <summary>The last two folders.</summary>
    private static string EndOf(string location)
    {
        var parts = location.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return string.Join('/', parts.TakeLast(2));
    }

    private static bool IsSet(TableMetadata metadata, string property, bool defaultValue) =>
        metadata.Properties.TryGetValue(property, out var text) ? text.Equals("true", StringComparison.OrdinalIgnoreCase) : defaultValue;
}
