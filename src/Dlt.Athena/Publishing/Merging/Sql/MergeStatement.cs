namespace Dlt.Destinations.Publishing;

/// <summary>One statement of a merge script. Athena runs it as one query.</summary>
/// <param name="Sql">The statement, without a semicolon.</param>
internal sealed record MergeStatement(string Sql)
{
    /// <summary>The staged rows that the statement moves into a table; null when their number says nothing about the statement.</summary>
    public MovedRows? Moves { get; init; }
}

/// <summary>Staged rows that a statement moves into the table of the same name.</summary>
/// <param name="Table">The table.</param>
/// <param name="IsEach">
/// True when each staged row is inserted; false when rows with equal keys may become one, so at least one row is.
/// </param>
internal sealed record MovedRows(string Table, bool IsEach);
