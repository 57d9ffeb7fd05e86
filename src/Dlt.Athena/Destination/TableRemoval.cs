using Dlt.Destinations.Publishing;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations;

/// <summary>Removes tables with their data, wherever that is.</summary>
/// <param name="objects">Where the files are.</param>
/// <param name="tables">The catalog.</param>
/// <param name="bucket">Data outside of this folder is not touched.</param>
/// <param name="warn">Tells of data that stays.</param>
internal sealed class TableRemoval(IObjectStore objects, TableCatalog tables, ObjectLocation bucket, Action<string> warn)
{
    /// <summary>Removes one table. Files of loads under way stay: they belong to the table that takes its place.</summary>
    /// <param name="name">The table.</param>
    /// <param name="found">The tables of the database.</param>
    /// <param name="publishing">The load that removes it.</param>
    /// <param name="folder">Where a table of that name is loaded to.</param>
    /// <param name="cancellationToken">Stops; the table, or data of it, may be left.</param>
    public async Task RemoveAsync(
        string name, FoundTables found, LoadPublishing publishing, ObjectLocation folder, CancellationToken cancellationToken)
    {
        var stored = found.Of(name);
        await tables.DropAsync(name, cancellationToken).ConfigureAwait(false);
        if (stored is null || !stored.IsIceberg)
        {
            await publishing.TruncateAsync(name, folder, cancellationToken).ConfigureAwait(false);
            return;
        }

        var root = bucket.Combine("/").ToString();
        var location = (found.IcebergOf(name)?.Metadata.Location is { Length: > 0 } own ? own : stored.Location).TrimEnd('/') + "/";
        var isShared =
            found.Stored.Values.Any(
                t => t.Name != stored.Name && t.Location.Length > 0 && AreNested(location, t.Location.TrimEnd('/') + "/"));
        if (isShared || !location.StartsWith(root, StringComparison.Ordinal) || location.Length == root.Length)
        {
            warn($"Table '{stored.DatabaseName}.{name}' was dropped, but its data stays in {location}: {(isShared ? "other tables have theirs there as well" : $"it is not below {root}")}. Delete it by hand if nothing needs it.");
            return;
        }

        var files = ObjectLocation.Parse(location);
        var keys = new List<string>();
        await foreach (var file in objects.ListAsync(files.Bucket, files.Key, cancellationToken).ConfigureAwait(false)) keys.Add(
            file.Location.Key);
        if (keys.Count > 0) await objects.DeleteAsync(files.Bucket, keys, cancellationToken).ConfigureAwait(false);
    }

    private static bool AreNested(string one, string other) =>
        one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);
}
