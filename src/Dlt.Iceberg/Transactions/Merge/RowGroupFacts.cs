namespace Dlt.Iceberg;

/// <summary>What is known of a row group before its rows are read.</summary>
/// <param name="Metrics">Counts and bounds of its columns.</param>
internal sealed record RowGroupFacts(ColumnMetrics Metrics)
{
    /// <summary>Bloom filters by the id of their field. A column that is not here may have every value within its bounds.</summary>
    public IReadOnlyDictionary<int, RowGroupBloom> Blooms { get; init; } = new Dictionary<int, RowGroupBloom>();
}
