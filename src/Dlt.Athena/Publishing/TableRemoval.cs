using Dlt.Destinations.Publishing;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Storage;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations;

/// <summary>Removes tables with their data, wherever that is.</summary>
/// <param name="tables">The catalog.</param>
/// <param name="bucket">Data outside of this folder is not touched.</param>
/// <param name="warn">Tells of data that stays.</param>
internal sealed class TableRemoval(TableMigrator tables, ObjectLocation bucket, Action<string> warn)
{
    /// <summary>
    /// Removes one table. Of an Iceberg table only those files go that its metadata names: other tables, also of other datasets, may
    /// have theirs in the same folder. Files of loads under way stay: they belong to the table that takes its place.
    /// </summary>
    /// <param name="name">The table.</param>
    /// <param name="found">The tables of the database.</param>
    /// <param name="publishing">The load that removes it.</param>
    /// <param name="folder">Where a table of that name is loaded to.</param>
    /// <param name="cancellationToken">Stops; the table, or data of it, may be left.</param>
    public async Task RemoveAsync(
        string name, FoundTables found, LoadPublishing publishing, ObjectLocation folder, CancellationToken cancellationToken)
    {
        if (found.Of(name) is { IsIceberg: true } stored && found.IcebergOf(name) is { } iceberg)
        {
            var files = await FilesAsync(iceberg, stored, found, cancellationToken).ConfigureAwait(false);
            await tables.DropAsync(name, cancellationToken).ConfigureAwait(false);
            await iceberg.Files.DeleteAsync(files, cancellationToken).ConfigureAwait(false);
            return;
        }

        await tables.DropAsync(name, cancellationToken).ConfigureAwait(false);
        await publishing.TruncateAsync(name, folder, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The files that go with the table.</summary>
    private async Task<List<string>> FilesAsync(
        IcebergTable table, GlueTable stored, FoundTables found, CancellationToken cancellationToken)
    {
        var root = bucket.Combine("/").ToString();
        var location = FolderOf(table.Metadata.Location is { Length: > 0 } own ? own : stored.Location);
        var others = found.Stored.Values.Where(t => t.Location.Length > 0 && t.Name != stored.Name).Select(t => FolderOf(t.Location))
            .ToList();
        if (others.Exists(o => AreNested(location, o))) return Keep(table, location, "other tables have theirs there as well");
        if (!location.StartsWith(root, StringComparison.Ordinal) || location.Length == root.Length)
            return Keep(table, location, $"it is not below {root}");
        if (table.Metadata.Properties.GetValueOrDefault("gc.enabled") == "false")
            return Keep(table, location, "the property gc.enabled of the table is false");
        try
        {
            var files = await TableFiles.OfAsync(table, cancellationToken).ConfigureAwait(false);
            return [.. files.Where(f => Plain(f) is var file && file.StartsWith(root, StringComparison.Ordinal)
                && !others.Exists(o => file.StartsWith(o, StringComparison.Ordinal)))];
        }
        catch (IcebergException error)
        {
            return Keep(table, location, $"its files are not known. {error.Message}");
        }
    }

    private List<string> Keep(IcebergTable table, string location, string why)
    {
        warn($"Table '{table.Name}' was dropped, but its data stays in {location}: {why}. Delete it by hand if nothing needs it.");
        return [];
    }

    private static string FolderOf(string location) => Plain(location).TrimEnd('/') + "/";

    /// <summary>The older schemes of S3 mean the same.</summary>
    private static string Plain(string location) =>
        location.StartsWith("s3a://", StringComparison.Ordinal) || location.StartsWith("s3n://", StringComparison.Ordinal)
            ? "s3" + location[3..] : location;

    private static bool AreNested(string one, string other) =>
        one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);
}
