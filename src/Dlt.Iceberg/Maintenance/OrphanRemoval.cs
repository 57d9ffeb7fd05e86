namespace Dlt.Iceberg;

/// <summary>Finds files in the folders of a table that its metadata does not name (docs/spec/iceberg.md 6.12).</summary>
/// <param name="table">Any version of the table. The current version is loaded from its catalog.</param>
internal sealed class OrphanRemoval(Table table)
{
    /// <summary>
    /// True when the caller knows that no other table uses the folders. Files of earlier tables that were there are then orphans too;
    /// otherwise their metadata files stop the search.
    /// </summary>
    public bool IsFolderUnshared { get; init; }

    /// <summary>Finds the orphans that were last written before a time.</summary>
    /// <returns>The current version of the table, and the sorted locations of the orphans.</returns>
    /// <exception cref="IcebergException">A table property forbids the removal, another table shares the folders, or a metadata file cannot
    /// be read.</exception>
    public async Task<(Table Table, List<string> Orphans)> FindAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        for (var now = await table.ReloadAsync(cancellationToken).ConfigureAwait(false); ;)
        {
            CheckAllowed(now);
            // Files are listed before the metadata is read, so a file that is committed in between is in the metadata or not listed.
            var folders = FoldersOf(now);
            var candidates = await ListAsync(now, folders, before, cancellationToken).ConfigureAwait(false);
            now = await table.ReloadAsync(cancellationToken).ConfigureAwait(false);
            if (!FoldersOf(now).SequenceEqual(folders)) continue;
            var used = (await ReachableFiles.OfAsync(now, cancellationToken).ConfigureAwait(false))
                .Select(Normalized).ToHashSet(StringComparer.Ordinal);
            var orphans = candidates.Where(c => !used.Contains(Normalized(c))).Order(StringComparer.Ordinal).ToList();
            if (!IsFolderUnshared) await CheckSharingAsync(now, folders, orphans, cancellationToken).ConfigureAwait(false);
            CheckAuthorities(now, orphans, used);
            return (now, orphans);
        }
    }

    private static void CheckAllowed(Table table)
    {
        if (table.Metadata.Properties.GetValueOrDefault("gc.enabled") == "false")
        {
            throw IcebergException.Illegal(
                $"The property gc.enabled of table '{table.Name}' is false, so its files cannot be deleted. Set it to true if no other "
                + "table uses the files.");
        }
    }

    private static List<string> FoldersOf(Table table) => [TableLocations.Data(table.Metadata), TableLocations.Metadata(table.Metadata)];

    private static async Task<List<string>> ListAsync(
        Table table, List<string> folders, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var candidates = new List<string>();
        foreach (var folder in folders.Distinct())
        {
            await foreach (var (location, _, modified) in table.Files.ListAsync(folder, cancellationToken).ConfigureAwait(false))
                if (modified < before && !location.EndsWith("/version-hint.text", StringComparison.Ordinal)) candidates.Add(location);
        }

        return candidates;
    }

    /// <summary>Checks that no other table uses the folders, because its files would look like orphans.</summary>
    /// <exception cref="IcebergException">Another table is stored in the folders, or writes to them.</exception>
    private static async Task CheckSharingAsync(
        Table table, List<string> folders, List<string> orphans, CancellationToken cancellationToken)
    {
        foreach (var file in orphans.Where(o => TableMetadataJson.SuffixOf(o) is not null))
        {
            if (await UuidOfAsync(table, file, cancellationToken).ConfigureAwait(false) is not { } uuid || uuid == table.Metadata.TableUuid)
                continue;
            throw Shared(table, $"{file} is the metadata file of another table (uuid {uuid})");
        }

        if (orphans.Count == 0) return;
        await foreach (var found in table.Catalog!.ListTablesAsync(table.Identifier!.Namespace, cancellationToken).ConfigureAwait(false))
        {
            if (found == table.Identifier) continue;
            if (await TryLoadAsync(table.Catalog, found, cancellationToken).ConfigureAwait(false) is not { } other) continue;
            var shared = FoldersOf(other).Find(f => folders.Exists(own => Overlap(Normalized(own), Normalized(f))));
            if (shared is not null) throw Shared(table, $"table '{other.Name}' stores files in {shared}");
        }
    }

    /// <summary>Loads a table; null when it cannot be read or is not an Iceberg table. The check of the orphans then finds its metadata
    /// files.</summary>
    private static async Task<Table?> TryLoadAsync(
        Catalog catalog, TableIdentifier identifier, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.TryLoadTableAsync(identifier, cancellationToken).ConfigureAwait(false);
        }
        catch (IcebergException)
        {
            return null;
        }
    }

    private static async Task<string?> UuidOfAsync(Table table, string location, CancellationToken cancellationToken)
    {
        try
        {
            var content = await table.Files.ReadAsync(location, cancellationToken).ConfigureAwait(false);
            return TableMetadataJson.Read(content, location).TableUuid;
        }
        catch (Exception error) when (error is DltException or FormatException)
        {
            return null;   // the file is incomplete, or was deleted since
        }
    }

    private static bool Overlap(string folder, string other) =>
        $"{folder}/".StartsWith($"{other}/", StringComparison.Ordinal) || $"{other}/".StartsWith($"{folder}/", StringComparison.Ordinal);

    private static IcebergException Shared(Table table, string why) => IcebergException.Illegal(
        $"The orphans of table '{table.Name}' cannot be distinguished from files of other tables: {why}. Nothing was deleted. Give each "
        + "table a separate folder.");

    /// <summary>Checks that the metadata does not name an orphan by another name of its bucket.</summary>
    private static void CheckAuthorities(Table table, List<string> orphans, HashSet<string> used)
    {
        var keys = used.Select(KeyOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (orphans.Find(o => KeyOf(Normalized(o)) is { } key && keys.Contains(key)) is not { } doubtful) return;
        throw IcebergException.Illegal(
            $"{doubtful} looks like an orphan of table '{table.Name}', but the metadata names a file with the same key in another bucket, "
            + "which may be the same file. Nothing was deleted. Check the locations of the table first.");
    }

    private static string? KeyOf(string location)
    {
        if (!location.StartsWith("s3://", StringComparison.Ordinal)) return null;
        var slash = location.IndexOf('/', "s3://".Length);
        return slash > 0 ? location[slash..] : null;
    }

    /// <summary>Returns the location with the scheme <c>s3</c> instead of its older names, or as a path on a disk.</summary>
    private static string Normalized(string location)
    {
        if (location.StartsWith("s3a://", StringComparison.Ordinal) || location.StartsWith("s3n://", StringComparison.Ordinal))
            return "s3" + location[3..];
        return location.StartsWith("file:", StringComparison.Ordinal) ? LocalFileIO.PathOf(location) : location;
    }
}
