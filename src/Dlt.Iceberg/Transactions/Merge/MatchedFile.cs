namespace Dlt.Iceberg;

/// <summary>A data file of the table with rows that a merge removes or changes.</summary>
/// <param name="Task">The file.</param>
/// <param name="Removed">Positions of the removed rows.</param>
/// <param name="Changed">Positions of the changed rows. They are not removed.</param>
/// <param name="Rows">Number of rows that are not deleted, matched or not.</param>
internal sealed record MatchedFile(ScanTask Task, RowPositions Removed, RowPositions Changed, long Rows)
{
    /// <summary>True when no row of the file stays or is changed.</summary>
    public bool IsRemovedWhole => Removed.Count == Rows;
}
