using Dlt.Destinations.Publishing.Merging;
using Dlt.Destinations.Staging;
using Dlt.Iceberg;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Removes data files that a load staged for Iceberg tables and never published. Nothing else refers to them, so they would stay for ever.
/// </summary>
/// <param name="catalog">Catalog of the Iceberg tables.</param>
/// <param name="database">The dataset's database.</param>
internal sealed class AbandonedFiles(GlueCatalog catalog, string database)
{
    /// <summary>The files of the staging dataset; null when no load stages files there.</summary>
    public StagingFolder? StagingFolder { get; init; }

    /// <summary>
    /// Removes the staged files of a load that its tables do not refer to. The references decide alone: what the table records of its loads
    /// may be gone.
    /// </summary>
    /// <param name="load">Publish object of a load that is given up and cannot resume meanwhile.</param>
    /// <param name="cancellationToken">Stops; some files may remain.</param>
    public async Task RemoveAsync(PublishObject load, CancellationToken cancellationToken)
    {
        foreach (var table in load.Tables.Where(t => !t.Files.IsEmpty))
        {
            if (StagingFolder is { } files) await files.RemoveAsync(table.Name, load.LoadId, cancellationToken).ConfigureAwait(false);
            if (await TryOpenAsync(table.Name, cancellationToken).ConfigureAwait(false) is not { } stored) continue;
            var staged = new List<string>();
            var folder = TableLocations.Data(stored.Metadata);
            await foreach (var (location, _, _) in stored.Files.ListAsync(folder, cancellationToken).ConfigureAwait(false))
            {
                if (StagedName.IsIn(location, table.Files)) staged.Add(location);
            }

            if (staged.Count == 0 || await TryFindUsedAsync(stored, cancellationToken).ConfigureAwait(false) is not { } used) continue;
            await stored.Files.DeleteAsync([.. staged.Where(f => !used.Contains(NameOf(f)))], cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>
    /// Names of the files that any snapshot of the table refers to; null if a manifest cannot be read: then all files stay. Names suffice,
    /// because those of staged files are unique, and a location may be written in several ways (<c>s3</c>, <c>s3a</c>).
    /// </summary>
    private static async Task<HashSet<string>?> TryFindUsedAsync(Table table, CancellationToken cancellationToken)
    {
        try
        {
            var files = await ReachableFiles.OfAsync(table, cancellationToken).ConfigureAwait(false);
            return files.Select(NameOf).ToHashSet(StringComparer.Ordinal);
        }
        catch (IcebergException error) when (!error.IsTransient)
        {
            return null;
        }
    }

    private static string NameOf(string location) => location[(location.LastIndexOf('/') + 1)..];

    /// <summary>Opens the table; null if it is gone, is not an Iceberg table any more, or cannot be read.</summary>
    public async Task<Table?> TryOpenAsync(string table, CancellationToken cancellationToken)
    {
        try
        {
            return await catalog.TryLoadTableAsync(new(database, table.ToLowerInvariant()), cancellationToken).ConfigureAwait(false);
        }
        catch (IcebergException error) when (!error.IsTransient)
        {
            return null;
        }
    }
}
