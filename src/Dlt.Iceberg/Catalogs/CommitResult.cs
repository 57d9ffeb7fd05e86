namespace Dlt.Iceberg;

/// <summary>Answer of a catalog to a commit.</summary>
/// <param name="Outcome">Whether the commit was made.</param>
/// <param name="Table">
/// The table after the commit; null for a conflict. When the outcome is unknown, the table as the commit changes it, or null when the
/// server of the catalog writes the metadata.
/// </param>
internal readonly record struct CommitResult(CommitOutcome Outcome, Table? Table)
{
    public static CommitResult Conflict { get; } = new(CommitOutcome.Conflict, null);

    public static CommitResult Committed(Table table) => new(CommitOutcome.Committed, table);

    public static CommitResult Unknown(Table? table) => new(CommitOutcome.Unknown, table);
}
