using System.Text.RegularExpressions;
using Dlt.Iceberg;
using Dlt.Storage;

namespace Dlt.Destinations.Maintenance;

/// <summary>
/// Finds what tables have left that the catalog no longer has, such as those of a drop that was killed: files in the folder of a dataset
/// that no table of any database uses, and whose names are those of loads or of Iceberg tables. Files of other names stay unknown.
/// </summary>
/// <param name="catalog">Files of the tables of the catalog.</param>
/// <param name="dataset">Folder of the dataset.</param>
/// <param name="warn">Receives a warning when nothing can be said.</param>
internal sealed partial class DroppedTables(CatalogFiles catalog, ObjectLocation dataset, Action<string> warn)
{
    private const string MetadataFolder = "metadata/";
    private const string DataFolder = "data/";
    private const string Marker = "init";

    private static readonly string[] OwnFolders = ["_dlt_publish/", "_dlt_lease/", "_dlt_doctor/"];

    /// <summary>Selects the files of dropped tables.</summary>
    /// <param name="objects">Objects of the dataset, listed before the tables were.</param>
    /// <param name="isKnownLoad">True for the id of a load that the dataset knows.</param>
    /// <param name="cancellationToken">Stops reading the catalog.</param>
    /// <returns>The files with the load that wrote them, where their names have it.</returns>
    public async Task<List<(ObjectInfo File, string? LoadId)>> FindAsync(
        IEnumerable<ObjectInfo> objects, Func<string, bool> isKnownLoad, CancellationToken cancellationToken)
    {
        var root = dataset.Combine("").Key;
        var candidates = objects.Where(o => !IsOwn(o.Location.Key[root.Length..])).ToList();
        if (candidates.Count == 0) return [];
        var named = await catalog.NamedFoldersAsync(cancellationToken).ConfigureAwait(false);
        candidates.RemoveAll(c => named.Exists(f => c.Location.ToString().StartsWith(f, StringComparison.Ordinal)));
        var found = Known(candidates, isKnownLoad);
        if (found.Count == 0) return [];
        var used = await catalog.UsedAsync(cancellationToken).ConfigureAwait(false);
        if (catalog.Unknown is { } why)
        {
            warn($"Files of dropped tables were not searched, because other tables may use them. {why}");
            return [];
        }

        candidates.RemoveAll(c => used.Any(t => t.Has(c.Location.ToString())));
        return Known(candidates, isKnownLoad);
    }

    /// <summary>Selects the files whose names are those of loads or of Iceberg tables.</summary>
    private static List<(ObjectInfo File, string? LoadId)> Known(List<ObjectInfo> files, Func<string, bool> isKnownLoad)
    {
        var iceberg = files.Where(c => TableMetadataJson.SuffixOf(c.Location.Key) is not null)
            .Select(c => c.Location.Key[..(c.Location.Key.LastIndexOf('/') + 1)])
            .Where(f => f.EndsWith('/' + MetadataFolder, StringComparison.Ordinal)).Select(f => f[..^MetadataFolder.Length]).ToHashSet();
        bool IsOfIceberg(string key) => iceberg.Any(f => key.StartsWith(f + MetadataFolder, StringComparison.Ordinal)
            || key.StartsWith(f + DataFolder, StringComparison.Ordinal));
        string? LoadIdOf(string key) => LoadId().Match(key) is { Success: true } id && isKnownLoad(id.Value) ? id.Value : null;
        return [.. files.Select(c => (File: c, LoadId: LoadIdOf(c.Location.Key)))
            .Where(c => c.LoadId is not null || IsOfIceberg(c.File.Location.Key))];
    }

    /// <summary>True for files of the dataset that belong to no table.</summary>
    /// <param name="path">Key of the file below the folder of the dataset.</param>
    private static bool IsOwn(string path) =>
        path == Marker || OwnFolders.Any(f => path.StartsWith(f, StringComparison.Ordinal));

    /// <summary>The load id in the name of a file, as dlt's default layout and the staged files of Iceberg tables have it.</summary>
    [GeneratedRegex(@"(?<=/)[0-9]{10,}\.[0-9]+(?=\.[^/]*$)")]
    private static partial Regex LoadId();
}
