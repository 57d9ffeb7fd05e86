namespace Dlt.Iceberg;

/// <summary>A data file of which some rows are written to new files.</summary>
/// <param name="Task">The file with its deletes.</param>
/// <param name="Kept">Positions of the rows that are written; deleted rows among them are not.</param>
/// <param name="Changed">Positions of the rows that get other values; null for none.</param>
/// <param name="Values">Values of changed rows by the id of a top-level field, in the .NET form of <see cref="PrimitiveKind"/>.</param>
internal sealed record RewriteSource(
    ScanTask Task, RowPositions Kept, RowPositions? Changed, IReadOnlyDictionary<int, object?> Values)
{
    /// <summary>True if a change sets one of the fields.</summary>
    public bool Sets(IEnumerable<int> fieldIds) => Changed is not null && fieldIds.Any(Values.ContainsKey);
}
