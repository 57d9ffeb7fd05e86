using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Schemas;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Destinations.Deletion;

/// <summary>The tables from which rows are deleted: a root table, and its nested tables, parents first.</summary>
/// <param name="Tables">Each table as the schema declares it, and as it is stored.</param>
internal sealed record DeletionChain(IReadOnlyList<(TableSchema Declared, IcebergTable Stored)> Tables)
{
    /// <summary>Finds the tables.</summary>
    /// <param name="schemas">The schemas that have the root table: several pipelines may load it, with nested tables of their own.</param>
    /// <param name="table">Name of the root table.</param>
    /// <param name="catalog">The Iceberg tables of the account.</param>
    /// <param name="glue">The catalog.</param>
    /// <param name="database">The database of the dataset.</param>
    /// <param name="cancellationToken">Stops the calls.</param>
    /// <exception cref="SchemaException">The table is nested, or one of the tables is not an Iceberg table.</exception>
    public static async Task<DeletionChain> OpenAsync(
        IReadOnlyList<Dlt.Schemas.Schema> schemas, string table, GlueCatalog catalog, IGlueCatalog glue, string database,
        CancellationToken cancellationToken)
    {
        if (schemas.Select(s => s.RootOf(s.Tables.First(t => t.Name == table))).FirstOrDefault(t => t.Name != table) is { } top)
        {
            throw new SchemaException(
                $"'{table}' is a nested table of '{top.Name}', and its rows belong to rows there. Nothing was deleted. "
                + $"Delete rows of '{top.Name}': their nested rows go with them.")
            { Table = table };
        }

        var tables = new List<(TableSchema Declared, IcebergTable Stored)>();
        var chains = schemas.SelectMany(s => s.ChainOf(s.Tables.First(t => t.Name == table)));
        foreach (var declared in chains.DistinctBy(t => t.Name.ToLowerInvariant()))
        {
            if (await glue.GetTableAsync(database, declared.Name.ToLowerInvariant(), cancellationToken).ConfigureAwait(false)
                is not { } found) continue;
            if (!found.IsIceberg) throw NotIceberg(declared.Name);
            tables.Add((declared, await catalog.LoadTableAsync(database, found, cancellationToken).ConfigureAwait(false)));
        }

        return tables.Count > 0 && tables[0].Declared.Name == table
            ? new(tables) : throw new SchemaException($"The dataset has no table '{table}'. Nothing was deleted.") { Table = table };
    }

    private static SchemaException NotIceberg(string table) => new(
        $"Table '{table}' is an external table: single rows cannot be deleted from its files. Nothing was deleted. Replace its rows "
        + "(WriteDisposition.Replace), or load it into an Iceberg table.")
    { Table = table };

    /// <summary>Finds columns of a stored table by a hint of the declared one; null when none has it.</summary>
    public static KeyColumns? Columns((TableSchema Declared, IcebergTable Stored) table, params string[] hints)
    {
        foreach (var hint in hints)
        {
            if (table.Declared.CompleteColumns.FirstOrDefault(c => c.Has(hint)) is { } column
                && IcebergTableCheck.FieldOf(table.Stored.Metadata.CurrentSchema, column, table.Declared, table.Stored) is { } field)
                return new([field]);
        }

        return null;
    }
}
