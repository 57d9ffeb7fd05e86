namespace Dlt.Progress;

/// <summary>What one step has done for a table.</summary>
/// <param name="Table">Name of the table.</param>
internal sealed record TableCount(string Table)
{
    public long Rows { get; init; }

    public long Bytes { get; init; }

    /// <summary>Work that is done, in a unit of the step or the source.</summary>
    public long Done { get; init; }

    /// <summary>All work in that unit; null when it is not known.</summary>
    public long? Total { get; init; }
}
