namespace Dlt.Destinations.Publishing.Merging;

/// <summary>One statement of a merge script. Athena runs it as one query.</summary>
/// <param name="Sql">The statement, without a semicolon.</param>
internal sealed record MergeStatement(string Sql)
{
    /// <summary>The staged rows that the statement inserts; null when it need not insert any, or Athena does not count them.</summary>
    public InsertedRows? Inserts { get; init; }

    /// <summary>Name of the helper table that the statement makes; null when it makes none.</summary>
    public string? Makes { get; init; }
}

/// <summary>Staged rows that a statement inserts into the table of the same name.</summary>
/// <param name="Table">The table.</param>
/// <param name="IsEach">
/// True when each staged row is inserted; false when rows with equal keys may become one, so at least one row is.
/// </param>
internal sealed record InsertedRows(string Table, bool IsEach);
