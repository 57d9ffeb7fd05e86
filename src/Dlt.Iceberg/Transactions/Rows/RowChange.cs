namespace Dlt.Iceberg;

/// <summary>Describes a change of single rows.</summary>
/// <param name="Filter">Selects the files to read, and by default the rows.</param>
/// <param name="Replace">Returns the new row for an old row; null deletes it.</param>
/// <param name="Mode">How rows are taken out of data files.</param>
internal sealed record RowChange(Filter Filter, Func<object?[], object?[]?> Replace, RowChangeMode Mode)
{
    /// <summary>Selects the rows within the files that may match the filter; null for the rows that match the filter.</summary>
    public Predicate<object?[]>? Matches { get; init; }

    /// <summary>New rows to add.</summary>
    public IReadOnlyList<object?[]> Extra { get; init; } = [];
}
