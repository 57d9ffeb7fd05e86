namespace Dlt.Iceberg;

/// <summary>Collects the files that the metadata of a table names: files of all snapshots, old metadata files and statistics.</summary>
internal static class ReachableFiles
{
    /// <summary>Returns the locations as the metadata contains them.</summary>
    /// <exception cref="IcebergException">A manifest cannot be read.</exception>
    public static async Task<HashSet<string>> OfAsync(Table table, CancellationToken cancellationToken)
    {
        var metadata = table.Metadata;
        var files = await SnapshotExpiry.FilesAsync(table.Files, metadata, metadata.Snapshots, onlyLive: false, cancellationToken)
            .ConfigureAwait(false);
        files.Add(table.MetadataLocation);
        foreach (var (_, file) in metadata.MetadataLog) files.Add(file);
        foreach (var name in new[] { "statistics", "partition-statistics" })
        {
            if (metadata.Source?[name] is not { Kind: JsonKind.Array } statistics) continue;
            foreach (var entry in statistics.Items)
                if (entry["statistics-path"] is { Kind: JsonKind.String } path) files.Add(path.AsString());
        }

        return files;
    }
}
