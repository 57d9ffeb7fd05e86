namespace Dlt.Iceberg;

/// <summary>A data file with new rows, written for the table and not part of it yet.</summary>
/// <param name="File">The file.</param>
/// <param name="Dropped">Positions of the rows that are not added.</param>
internal sealed record NewRows(DataFile File, IReadOnlySet<long> Dropped)
{
    /// <summary>
    /// Values that all rows get instead of their own, by the id of a top-level field, in the .NET form of <see cref="PrimitiveKind"/>.
    /// </summary>
    public IReadOnlyDictionary<int, object?> Values { get; init; } = MergeRequest.NoValues;

    /// <summary>True when the rows go to other files, because the table has or had this one.</summary>
    public bool IsCopied { get; init; }

    /// <summary>True when the file can be added as it is.</summary>
    public bool IsWhole => Dropped.Count == 0 && Values.Count == 0 && !IsCopied;

    /// <summary>Number of rows that are added.</summary>
    public long Count => File.RecordCount - Dropped.Count;

    /// <summary>The file as a task for readers.</summary>
    public static ScanTask TaskOf(DataFile file) => new(new(EntryStatus.Added, 0, 0, 0, file), []);
}
