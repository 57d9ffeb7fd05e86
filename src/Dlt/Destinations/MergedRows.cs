namespace Dlt;

/// <summary>What a merge did to the rows of one table.</summary>
/// <param name="Inserted">New rows. The strategy delete-insert inserts all rows of the load.</param>
/// <param name="Updated">Rows of the table that got new values; for scd2, versions whose validity ended.</param>
/// <param name="Deleted">Rows that are gone.</param>
/// <param name="Unchanged">Rows of the load that the table had with the same values (<c>skip_unchanged_rows</c>).</param>
public sealed record MergedRows(long Inserted, long Updated, long Deleted, long Unchanged)
{
    /// <summary>Adds the counts of another merge of the same table.</summary>
    internal MergedRows Plus(MergedRows other) => new(
        Inserted + other.Inserted, Updated + other.Updated, Deleted + other.Deleted, Unchanged + other.Unchanged);

    /// <summary>Text for people: <c>3 inserted, 7 updated, 0 deleted, 0 unchanged</c>.</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Inserted} inserted, {Updated} updated, {Deleted} deleted, {Unchanged} unchanged");
}
