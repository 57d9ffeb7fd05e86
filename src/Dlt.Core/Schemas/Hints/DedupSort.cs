namespace Dlt;

/// <summary>Selects one of several new rows with the same primary key for a merge: the first row in the order of a column.</summary>
/// <param name="Column">Name of the column, as in the data.</param>
/// <param name="IsDescending">True to keep the row with the highest value; false to keep the row with the lowest.</param>
public sealed record DedupSort(string Column, bool IsDescending);
