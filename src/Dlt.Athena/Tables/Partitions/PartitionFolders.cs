using System.Collections.Immutable;
using Dlt.Internal;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations.Tables;

/// <summary>The folders of the partitions of a table in Glue, which are below the folder of the table.</summary>
/// <param name="table">The table.</param>
internal sealed class PartitionFolders(GlueTable table)
{
    private readonly string _root = table.Location.TrimEnd('/') + "/";
    private readonly string _key = ObjectLocation.Parse(table.Location.TrimEnd('/')).Combine("").Key;
    private readonly ImmutableArray<string> _keys = [.. (table.Definition.PartitionKeys ?? []).Select(k => k.Name)];

    /// <summary>Folder of a partition, with a trailing slash.</summary>
    public string LocationOf(ImmutableArray<string> values) => $"{_root}{HivePath.FolderOf(_keys, values)}/";

    /// <summary>Values of the partition of a file; null for a file outside the folders of partitions.</summary>
    public ImmutableArray<string>? ValuesOf(ObjectLocation file) =>
        file.Key.StartsWith(_key, StringComparison.Ordinal) ? HivePath.ValuesOf(_keys, file.Key[_key.Length..]) : null;

    /// <summary>One file of each folder of a partition, by the location of the folder without a slash at its end.</summary>
    public async Task<Dictionary<string, ObjectLocation>> FilledAsync(IObjectStore objects, CancellationToken cancellationToken)
    {
        var filled = new Dictionary<string, ObjectLocation>(StringComparer.Ordinal);
        var bucket = ObjectLocation.Parse(_root).Bucket;
        await foreach (var file in objects.ListAsync(bucket, _key, cancellationToken).ConfigureAwait(false))
            if (ValuesOf(file.Location) is { } values) filled.TryAdd(LocationOf(values).TrimEnd('/'), file.Location);
        return filled;
    }

    /// <summary>A new partition, with the columns and the format of the table.</summary>
    public GluePartition New(ImmutableArray<string> values) => new()
    {
        Values = values,
        StorageDescriptor = table.Definition.StorageDescriptor! with { Location = LocationOf(values) },
        Parameters = ImmutableSortedDictionary<string, string>.Empty,
    };
}
