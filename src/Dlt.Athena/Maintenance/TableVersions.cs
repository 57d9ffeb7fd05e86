namespace Dlt;

/// <summary>Versions of a table's definition in the Glue Data Catalog.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Archived">Number of versions that are not current.</param>
/// <param name="Deleted">Number of those that are deleted, or would be: the oldest.</param>
public sealed record TableVersions(string Table, int Archived, int Deleted);
