using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Storage;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Publishing;

/// <summary>Drops tables and deletes their data, for both formats.</summary>
/// <param name="tables">Drops tables from the catalog.</param>
/// <param name="bucket">Folder of the datasets. Data outside it is not deleted.</param>
/// <param name="folderOf">Folder of an external table.</param>
/// <param name="warn">Receives a warning for data that is not deleted.</param>
internal sealed class TableRemoval(
    TableMigrator tables, ObjectLocation bucket, Func<string, ObjectLocation> folderOf, Action<string> warn)
{
    /// <summary>Drops the tables that a load drops.</summary>
    /// <param name="plan">The load, which names them.</param>
    /// <param name="load">Its progress, which then no longer has the tables.</param>
    /// <param name="cancellationToken">Stops; some tables or some of their data may remain.</param>
    public async Task RemoveAsync(LoadPlan plan, ActiveLoad load, CancellationToken cancellationToken)
    {
        if (plan.Dropped.IsEmpty) return;
        List<string> names = [.. plan.Dropped.Select(t => t.Name)];
        foreach (var name in names) await RemoveAsync(name, load.Found, load.Files, cancellationToken).ConfigureAwait(false);
        load.Found = load.Found.Without(names);
    }

    /// <summary>
    /// Drops one table. For an Iceberg table, only the files that its metadata names are deleted, because other tables and datasets may use
    /// the same folder. Files of loads under way stay for the table that replaces it.
    /// </summary>
    /// <param name="name">The table.</param>
    /// <param name="found">Tables that exist in the database.</param>
    /// <param name="load">The load that drops the table.</param>
    /// <param name="cancellationToken">Stops; the table or some of its data may remain.</param>
    private async Task RemoveAsync(string name, FoundTables found, LoadFiles load, CancellationToken cancellationToken)
    {
        if (found.Of(name) is { IsIceberg: true } stored && found.IcebergOf(name) is { } iceberg)
        {
            var files = await FilesAsync(iceberg, stored, found, cancellationToken).ConfigureAwait(false);
            await tables.DropAsync(name, cancellationToken).ConfigureAwait(false);
            await iceberg.Files.DeleteAsync(files, cancellationToken).ConfigureAwait(false);
            return;
        }

        await tables.DropAsync(name, cancellationToken).ConfigureAwait(false);
        await load.DropAsync(name, folderOf(name), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The files that may be deleted with the table; warns when its data must stay.</summary>
    private async Task<List<string>> FilesAsync(
        IcebergTable table, GlueTable stored, FoundTables found, CancellationToken cancellationToken)
    {
        var root = bucket.Combine("/").ToString();
        var location = FolderOf(table.Metadata.Location is { Length: > 0 } own ? own : stored.Location);
        var others = found.Stored.Values.Where(t => t.Location.Length > 0 && t.Name != stored.Name)
            .Select(t => FolderOf(t.Location)).ToList();
        if (others.Exists(o => AreNested(location, o))) return Keep(table, location, "other tables have data there as well");
        if (!location.StartsWith(root, StringComparison.Ordinal) || location.Length == root.Length)
            return Keep(table, location, $"it is not below {root}");
        if (table.Metadata.Properties.GetValueOrDefault("gc.enabled") == "false")
            return Keep(table, location, "the property gc.enabled of the table is false");
        try
        {
            var files = await ReachableFiles.OfAsync(table, cancellationToken).ConfigureAwait(false);
            bool IsOwn(string file) =>
                file.StartsWith(root, StringComparison.Ordinal) && !others.Exists(o => file.StartsWith(o, StringComparison.Ordinal));
            return [.. files.Where(f => IsOwn(Plain(f)))];
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

    /// <summary>The location with the scheme <c>s3</c>; <c>s3a</c> and <c>s3n</c> are older names of it.</summary>
    private static string Plain(string location) =>
        location.StartsWith("s3a://", StringComparison.Ordinal) || location.StartsWith("s3n://", StringComparison.Ordinal)
            ? "s3" + location[3..] : location;

    private static bool AreNested(string one, string other) =>
        one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);
}
