namespace Dlt.Iceberg;

/// <summary>Files in a table's folders that nothing of its metadata names (docs/spec/iceberg.md 6.12).</summary>
/// <param name="table">The table as it was loaded at some time; the catalog is asked for what it is now.</param>
internal sealed class OrphanRemoval(Table table)
{
    /// <summary>The orphans that were last written before a time.</summary>
    /// <returns>The table as it is, and the locations, sorted.</returns>
    /// <exception cref="IcebergException">The table forbids it, or a file of it cannot be read.</exception>
    public async Task<(Table Table, List<string> Orphans)> FindAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        for (var now = await table.ReloadAsync(cancellationToken).ConfigureAwait(false); ;)
        {
            CheckAllowed(now);
            // The files are listed before the metadata is read: what is committed in between is in the metadata, or is not listed.
            var folders = FoldersOf(now);
            var candidates = await ListAsync(now, folders, before, cancellationToken).ConfigureAwait(false);
            now = await table.ReloadAsync(cancellationToken).ConfigureAwait(false);
            if (!FoldersOf(now).SequenceEqual(folders)) continue;
            var used = (await TableFiles.OfAsync(now, cancellationToken).ConfigureAwait(false))
                .Select(Normalized).ToHashSet(StringComparer.Ordinal);
            var orphans = candidates.Where(c => !used.Contains(Normalized(c))).Order(StringComparer.Ordinal).ToList();
            await CheckSharingAsync(now, folders, orphans, cancellationToken).ConfigureAwait(false);
            CheckAuthorities(now, orphans, used);
            return (now, orphans);
        }
    }

    private static void CheckAllowed(Table table)
    {
        if (table.Metadata.Properties.GetValueOrDefault("gc.enabled") == "false")
            throw IcebergException.Illegal($"The property gc.enabled of table '{table.Name}' is false: none of its files must be deleted.");
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

    /// <summary>Folders that several tables share tell nothing of whose file an orphan would be.</summary>
    /// <exception cref="IcebergException">Another table lies in the folders, or writes to them.</exception>
    private static async Task CheckSharingAsync(Table table, List<string> folders, List<string> orphans,
        CancellationToken cancellationToken)
    {
        foreach (var file in orphans.Where(o => o.EndsWith(".metadata.json", StringComparison.Ordinal)))
        {
            if (await UuidOfAsync(table, file, cancellationToken).ConfigureAwait(false) is not { } uuid || uuid == table.Metadata.TableUuid)
                continue;
            throw Shared(table, $"{file} is the metadata of another table, {uuid}");
        }

        if (orphans.Count == 0) return;
        await foreach (var found in table.Catalog!.ListTablesAsync(table.Identifier!.Namespace, cancellationToken).ConfigureAwait(false))
        {
            if (found == table.Identifier) continue;
            if (await TryLoadAsync(table.Catalog, found, cancellationToken).ConfigureAwait(false) is not { } other) continue;
            if (FoldersOf(other).Find(f => folders.Exists(own => Overlap(Normalized(own), Normalized(f)))) is { } folder)
                throw Shared(table, $"table '{other.Name}' keeps files in {folder}");
        }
    }

    /// <summary>A table that cannot be read, or is not an Iceberg table, has its metadata looked for among the files.</summary>
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
            return TableMetadataJson.Read(await table.Files.ReadAsync(location, cancellationToken).ConfigureAwait(false),
                location).TableUuid;
        }
        catch (Exception error) when (error is DltException or FormatException)
        {
            return null;   // not written to its end, or deleted since
        }
    }

    private static bool Overlap(string folder, string other) =>
        $"{folder}/".StartsWith($"{other}/", StringComparison.Ordinal) || $"{other}/".StartsWith($"{folder}/", StringComparison.Ordinal);

    private static IcebergException Shared(Table table, string why) => IcebergException.Illegal(
        $"The orphans of table '{table.Name}' cannot be told from files of others: {why}. Nothing was deleted. Give each table a folder "
            + "of its own.");

    /// <summary>A file that the metadata names in another bucket may be the same one under another name of the bucket.</summary>
    private static void CheckAuthorities(Table table, List<string> orphans, HashSet<string> used)
    {
        var keys = used.Select(KeyOf).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (orphans.Find(o => KeyOf(Normalized(o)) is { } key && keys.Contains(key)) is not { } doubtful) return;
        throw IcebergException.Illegal(
            $"{doubtful} looks like an orphan of table '{table.Name}', but its metadata names a file of the same key in another bucket, "
            + "which may be the same one. Look at the table's locations first.");
    }

    private static string? KeyOf(string location) =>
        location.StartsWith("s3://", StringComparison.Ordinal) && location.IndexOf('/', "s3://".Length) is > 0 and var slash
            ? location[slash..] : null;

    /// <summary>The older schemes of S3 mean the same.</summary>
    private static string Normalized(string location)
    {
        if (location.StartsWith("s3a://", StringComparison.Ordinal) || location.StartsWith("s3n://", StringComparison.Ordinal))
            return "s3" + location[3..];
        return location.StartsWith("file:", StringComparison.Ordinal) ? LocalFileIO.PathOf(location) : location;
    }
}
