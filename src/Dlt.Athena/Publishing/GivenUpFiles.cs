using Dlt.Destinations.Iceberg;
using Dlt.Destinations.Staging;
using Dlt.Iceberg;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Removes the data files that a load staged for Iceberg tables and never published. Nothing else names them: they would stay for ever.
/// </summary>
/// <param name="catalog">The Iceberg tables.</param>
/// <param name="database">The dataset's database.</param>
internal sealed class GivenUpFiles(GlueCatalog catalog, string database)
{
    /// <summary>Removes what a load staged, but in tables that have its rows.</summary>
    /// <param name="load">The publish object of the load, which is given up.</param>
    /// <param name="cancellationToken">Stops; some files may be left.</param>
    public async Task RemoveAsync(PublishObject load, CancellationToken cancellationToken)
    {
        foreach (var table in load.Tables.Where(t => !t.Files.IsEmpty))
        {
            if (await TryOpenAsync(table.Name, cancellationToken).ConfigureAwait(false) is not { } stored
                || StepRecord.Has(stored.Metadata, new(load.LoadId, StepIdentity.Data))) continue;
            var staged = new List<string>();
            await foreach (var (location, _, _) in stored.Files
                .ListAsync(TableLocations.Data(stored.Metadata), cancellationToken).ConfigureAwait(false))
                if (StagedName.IsIn(location, table.Files)) staged.Add(location);
            await stored.Files.DeleteAsync(staged, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The table; null when it is gone, or is not an Iceberg table any more, or cannot be read.</summary>
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
