using Dlt.Lake;
using Dlt.Schemas;

namespace Dlt.Destinations.Maintenance;

/// <summary>Finds the tables of a dataset that a command of <c>dlt maintain</c> works on.</summary>
/// <param name="glue">The catalog.</param>
/// <param name="dataset">Name of the dataset in messages.</param>
/// <param name="database">Database of the dataset.</param>
internal sealed class DatasetTables(IGlueCatalog glue, string dataset, string database)
{
    /// <summary>True for a table of the loader, which keeps it small itself.</summary>
    /// <param name="name">Name in the catalog.</param>
    public static bool IsOfLoader(string name) => name is SystemTables.Loads or SystemTables.Version or SystemTables.State;

    /// <summary>Finds all tables, or those with names.</summary>
    /// <param name="names">The names; none for all tables.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <exception cref="DltException">The dataset, or a table, does not exist.</exception>
    public async Task<List<GlueTable>> AllAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var found = new List<GlueTable>();
        await foreach (var table in glue.GetTablesAsync(database, cancellationToken).ConfigureAwait(false)) found.Add(table);
        if (found.Count == 0 && await glue.GetDatabaseAsync(database, cancellationToken).ConfigureAwait(false) is null)
            throw new DltException($"There is no dataset '{dataset}': the database '{database}' does not exist. Correct its name.");
        if (names.Count == 0) return found;
        var chosen = new List<GlueTable>();
        foreach (var name in names.Select(n => n.ToLowerInvariant()).Distinct())
        {
            chosen.Add(found.Find(t => t.Name == name) ?? throw new DltException(
                $"Dataset '{dataset}' has no table '{name}'. Nothing was changed. Correct its name."));
        }

        return chosen;
    }

    /// <summary>Finds the Iceberg tables without those of the loader, or Iceberg tables with names.</summary>
    /// <param name="names">The names; none for all.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <exception cref="DltException">The dataset, or a table, does not exist, or cannot be maintained.</exception>
    public async Task<List<GlueTable>> IcebergAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var found = await AllAsync(names, cancellationToken).ConfigureAwait(false);
        if (names.Count == 0) return found.FindAll(t => t.IsIceberg && !IsOfLoader(t.Name));
        if (found.Find(t => !t.IsIceberg) is { } external)
        {
            throw new DltException(
                $"Table '{external.Name}' of dataset '{dataset}' is not an Iceberg table. Nothing was changed. Leave it out.");
        }

        if (found.Find(t => IsOfLoader(t.Name)) is { } own)
            throw new DltException($"Table '{own.Name}' is maintained by each load. Nothing was changed. Leave it out.");
        return found;
    }
}
