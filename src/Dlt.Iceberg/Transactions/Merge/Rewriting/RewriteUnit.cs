namespace Dlt.Iceberg;

/// <summary>Rows that become one row group of a new file. Their changed rows get the same values.</summary>
/// <param name="Partition">Partition of the rows.</param>
/// <param name="Segments">The rows in their order; one segment or more.</param>
internal sealed record RewriteUnit(PartitionKey Partition, IReadOnlyList<RewriteSegment> Segments)
{
    /// <summary>Number of rows that are written.</summary>
    public int Rows { get; } = Segments.Sum(s => s.KeptRows);

    /// <summary>Values of changed rows by field id; empty when no row is changed.</summary>
    public IReadOnlyDictionary<int, object?> Values { get; } = Segments.FirstOrDefault(s => s.Changed is not null)?.Values
        ?? new Dictionary<int, object?>();

    /// <summary>Approximate number of bytes in memory while the unit is written.</summary>
    public long Bytes { get; } = Segments.Sum(s => s.Bytes);
}
