namespace Dlt.Destinations.Publishing.Merging;

/// <summary>Names in statements for Athena's engine, as dlt writes them: in double quotes and in lower case.</summary>
/// <param name="Catalog">The data catalog of both datasets.</param>
/// <param name="Dataset">Database of the dataset.</param>
/// <param name="Staging">Database of the staging dataset.</param>
internal sealed record SqlNames(string Catalog, string Dataset, string Staging)
{
    /// <summary>A table of the dataset, with catalog and database.</summary>
    public string Table(string name) => Full(Dataset, name);

    /// <summary>A table of the staging dataset, with catalog and database.</summary>
    public string Staged(string name) => Full(Staging, name);

    /// <summary>A column.</summary>
    public static string Column(string name) => $"\"{name.ToLowerInvariant().Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>Columns with commas between them.</summary>
    /// <param name="names">Names of the columns.</param>
    /// <param name="alias">Alias of their table; null for none.</param>
    public static string Columns(IEnumerable<string> names, string? alias = null) =>
        string.Join(", ", names.Select(n => alias is null ? Column(n) : $"{alias}.{Column(n)}"));

    private string Full(string database, string table) => $"{Column(Catalog)}.{Column(database)}.{Column(table)}";
}
