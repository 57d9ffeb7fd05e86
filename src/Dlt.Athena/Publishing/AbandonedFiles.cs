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
    /// <summary>Removes the staged files of a load, except in tables that contain its rows.</summary>
    /// <param name="load">Publish object of the abandoned load.</param>
    /// <param name="cancellationToken">Stops; some files may remain.</param>
    public async Task RemoveAsync(PublishObject load, CancellationToken cancellationToken)
    {
        foreach (var table in load.Tables.Where(t => !t.Files.IsEmpty))
        {
            if (await TryOpenAsync(table.Name, cancellationToken).ConfigureAwait(false) is not { } stored
                || StepRecord.Has(stored.Metadata, new(load.LoadId, StepIdentity.Data))) continue;
            var staged = new List<string>();
            var folder = TableLocations.Data(stored.Metadata);
            await foreach (var (location, _, _) in stored.Files.ListAsync(folder, cancellationToken).ConfigureAwait(false))
            {
                if (StagedName.IsIn(location, table.Files)) staged.Add(location);
            }

            await stored.Files.DeleteAsync(staged, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Opens the table; null if it is gone, is not an Iceberg table any more, or cannot be read.</summary>
    private async Task<Table?> TryOpenAsync(string table, CancellationToken cancellationToken)
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
