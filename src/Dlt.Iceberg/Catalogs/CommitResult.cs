namespace Dlt.Iceberg;

/// <summary>The answer of a catalog to a commit.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Table">
/// The table after the commit. Where the outcome is unknown: the table as the commit would make it, or null where the catalog's server
/// writes the metadata. Null for a conflict.
/// </param>
internal readonly record struct CommitResult(CommitOutcome Outcome, Table? Table)
{
    public static CommitResult Conflict { get; } = new(CommitOutcome.Conflict, null);

    public static CommitResult Committed(Table table) => new(CommitOutcome.Committed, table);

    public static CommitResult Unknown(Table? table) => new(CommitOutcome.Unknown, table);
}
