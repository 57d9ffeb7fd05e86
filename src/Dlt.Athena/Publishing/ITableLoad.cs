namespace Dlt.Destinations.Publishing;

/// <summary>
/// One table of one load, with what both formats can do. A mode that only Iceberg tables have uses <see cref="IcebergTableLoad"/>. Every
/// call may be repeated, also by another process.
/// </summary>
internal interface ITableLoad : IJobStaging
{
    /// <summary>Adds the rows of staged jobs.</summary>
    /// <returns>Rows of the load in the table; null if they cannot be counted.</returns>
    Task<long?> AppendAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken);

    /// <summary>Replaces all rows by those of staged jobs. If two loads replace the table, the later one wins.</summary>
    /// <returns>Rows of the load in the table; null if they cannot be counted or a later load has replaced the table.</returns>
    Task<long?> ReplaceAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken);

    /// <summary>Removes all rows except those of loads under way.</summary>
    Task TruncateAsync(CancellationToken cancellationToken);
}
