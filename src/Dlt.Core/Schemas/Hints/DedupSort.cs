namespace Dlt;

/// <summary>Which of several new rows of one primary key a merge keeps: the first one by a column.</summary>
/// <param name="Column">Name of the column, as in the data.</param>
/// <param name="IsDescending">True: the row with the highest value is kept; false: the one with the lowest.</param>
public sealed record DedupSort(string Column, bool IsDescending);
