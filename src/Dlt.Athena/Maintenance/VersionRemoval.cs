using System.Globalization;
using Dlt.Lake;

namespace Dlt.Destinations.Maintenance;

/// <summary>
/// Deletes old versions of definitions in Glue, which updates archive until the limit of the table or of the account is reached; then
/// updates fail. The current version is not one of them.
/// </summary>
/// <param name="glue">The catalog.</param>
/// <param name="database">Database of the tables.</param>
/// <param name="keep">Number of archived versions of each table that stay: the newest.</param>
internal sealed class VersionRemoval(IGlueCatalog glue, string database, int keep)
{
    /// <summary>Deletes the old versions of a table.</summary>
    /// <param name="table">The table, as read before.</param>
    /// <param name="isDryRun">True only counts them.</param>
    /// <param name="cancellationToken">Stops; some versions may be deleted.</param>
    public async Task<TableVersions> RunAsync(GlueTable table, bool isDryRun, CancellationToken cancellationToken)
    {
        var archived = new List<string>();
        var versions = glue.GetTableVersionIdsAsync(database, table.Name, cancellationToken);
        await foreach (var id in versions.ConfigureAwait(false)) archived.Add(id);
        // Read again, because somebody may have created the table again meanwhile, with a lower version.
        var now = await glue.GetTableAsync(database, table.Name, cancellationToken).ConfigureAwait(false);
        if (now is null) return new(table.Name, 0, 0);
        var current = Math.Min(NumberOf(table.VersionId), NumberOf(now.VersionId));
        archived.RemoveAll(id => NumberOf(id) >= current);
        var old = archived.Skip(keep).ToList();
        if (!isDryRun && old.Count > 0)
            await glue.DeleteTableVersionsAsync(database, table.Name, old, cancellationToken).ConfigureAwait(false);
        return new(table.Name, archived.Count, old.Count);
    }

    /// <summary>The number of a version. An id of another form is that of a version that stays.</summary>
    private static long NumberOf(string versionId) =>
        long.TryParse(versionId, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;
}
