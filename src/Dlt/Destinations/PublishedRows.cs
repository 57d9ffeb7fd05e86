namespace Dlt.Destinations;

/// <summary>The rows of a load in one table after it was published.</summary>
/// <param name="Count">
/// Number of rows that the destination took, including those that an earlier call published; 0 without jobs. Null when the destination can
/// no longer count them, or when a later load has replaced them: the count is then not compared.
/// </param>
public sealed record PublishedRows(long? Count)
{
    /// <summary>What a merge did to the rows of the table; null for other modes, and when an earlier call published the table.</summary>
    public MergedRows? Merged { get; init; }
}
