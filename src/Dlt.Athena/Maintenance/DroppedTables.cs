using System.Text.RegularExpressions;
using Dlt.Lake;
using Dlt.Storage;

namespace Dlt.Destinations.Maintenance;

/// <summary>
/// Finds what tables have left that the catalog no longer has, such as those of a drop that was killed: files in the folder of a dataset
/// that are below no table of any database, and whose names are those of loads or of Iceberg tables. Files of other names stay unknown.
/// </summary>
/// <param name="glue">The catalog.</param>
/// <param name="dataset">Folder of the dataset.</param>
/// <param name="warn">Receives a warning when nothing can be said.</param>
internal sealed partial class DroppedTables(IGlueCatalog glue, ObjectLocation dataset, Action<string> warn)
{
    private const string MetadataFolder = "metadata/";
    private const string DataFolder = "data/";

    private static readonly string[] OwnFolders = ["init", "_dlt_publish/", "_dlt_lease/", "_dlt_doctor/"];

    private List<(string Database, string Name, string Folder)>? _tables;

    /// <summary>True when no table of any database is in the folder, except one; false when a database cannot be read.</summary>
    /// <param name="location">The folder.</param>
    /// <param name="database">Database of the table that may be there.</param>
    /// <param name="name">Name of that table.</param>
    /// <param name="cancellationToken">Stops reading the catalog.</param>
    public async Task<bool> IsUnsharedAsync(string location, string database, string name, CancellationToken cancellationToken)
    {
        try
        {
            var tables = await TablesAsync(cancellationToken).ConfigureAwait(false);
            return !tables.Exists(t => (t.Database, t.Name) != (database, name) && Overlap(t.Folder, FolderOf(location)));
        }
        catch (GlueException error) when (!error.IsTransient)
        {
            return false;
        }
    }

    /// <summary>Selects the files of dropped tables.</summary>
    /// <param name="objects">Objects of the dataset, listed before the tables were.</param>
    /// <param name="isKnownLoad">True for the id of a load that the dataset knows.</param>
    /// <param name="cancellationToken">Stops reading the catalog.</param>
    /// <returns>The files with the load that wrote them, where their names have it.</returns>
    public async Task<List<(ObjectInfo File, string? LoadId)>> FindAsync(
        IEnumerable<ObjectInfo> objects, Func<string, bool> isKnownLoad, CancellationToken cancellationToken)
    {
        var root = dataset.Combine("").Key;
        var candidates = objects.Where(o => !OwnFolders.Any(f => o.Location.Key[root.Length..].StartsWith(f, StringComparison.Ordinal)))
            .ToList();
        if (candidates.Count == 0) return [];
        List<string> used;
        try
        {
            used = (await TablesAsync(cancellationToken).ConfigureAwait(false)).ConvertAll(t => t.Folder);
        }
        catch (GlueException error) when (!error.IsTransient)
        {
            warn($"Files of dropped tables were not searched, because tables of other databases may use them: {error.Message}");
            return [];
        }

        candidates.RemoveAll(c => used.Exists(f => c.Location.ToString().StartsWith(f, StringComparison.Ordinal)));
        var iceberg = candidates.Where(c => c.Location.Key.EndsWith(".metadata.json", StringComparison.Ordinal))
            .Select(c => c.Location.Key[..(c.Location.Key.LastIndexOf('/') + 1)])
            .Where(f => f.EndsWith('/' + MetadataFolder, StringComparison.Ordinal)).Select(f => f[..^MetadataFolder.Length]).ToHashSet();
        bool IsOfIceberg(string key) => iceberg.Any(f => key.StartsWith(f + MetadataFolder, StringComparison.Ordinal)
            || key.StartsWith(f + DataFolder, StringComparison.Ordinal));
        string? LoadIdOf(string key) => LoadId().Match(key) is { Success: true } id && isKnownLoad(id.Value) ? id.Value : null;
        return [.. candidates.Select(c => (File: c, LoadId: LoadIdOf(c.Location.Key)))
            .Where(c => c.LoadId is not null || IsOfIceberg(c.File.Location.Key))];
    }

    /// <summary>The tables of all databases with their folders, read once.</summary>
    private async Task<List<(string Database, string Name, string Folder)>> TablesAsync(CancellationToken cancellationToken)
    {
        if (_tables is not null) return _tables;
        var tables = new List<(string, string, string)>();
        await foreach (var database in glue.GetDatabasesAsync(cancellationToken).ConfigureAwait(false))
        {
            await foreach (var table in glue.GetTablesAsync(database.Name, cancellationToken).ConfigureAwait(false))
                if (table.Location.Length > 0) tables.Add((database.Name, table.Name, FolderOf(table.Location)));
        }

        return _tables = tables;
    }

    private static bool Overlap(string one, string other) =>
        one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal);

    /// <summary>The folder with a trailing slash and the scheme <c>s3</c>; <c>s3a</c> and <c>s3n</c> are older names of it.</summary>
    private static string FolderOf(string location) =>
        (location.StartsWith("s3a:", StringComparison.Ordinal) || location.StartsWith("s3n:", StringComparison.Ordinal)
            ? "s3" + location[3..] : location).TrimEnd('/') + "/";

    /// <summary>The load id in the name of a file, as dlt's default layout and the staged files of Iceberg tables have it.</summary>
    [GeneratedRegex(@"(?<=/)[0-9]{10,}\.[0-9]+(?=\.[^/]*$)")]
    private static partial Regex LoadId();
}
