namespace Dlt.Destinations.Publishing;

/// <summary>One table of one load, whatever its format. Every call can be repeated, by another process too.</summary>
internal interface ITableLoad
{
    /// <summary>Moves the file of a job to the destination.</summary>
    /// <returns>The receipt; empty for none.</returns>
    Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken);

    /// <summary>True when a job that an earlier process staged need not be staged again.</summary>
    Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken);

    /// <summary>Adds the rows of staged jobs.</summary>
    /// <returns>Rows of the load in the table; null where that cannot be said.</returns>
    Task<long?> AppendAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken);

    /// <summary>Puts the rows of staged jobs in the place of all others. A later load that does the same has the last word.</summary>
    /// <returns>Rows of the load in the table; null where that cannot be said, or a later load keeps them out.</returns>
    Task<long?> ReplaceAsync(IReadOnlyCollection<LoadJob> jobs, CancellationToken cancellationToken);

    /// <summary>Removes all rows but those of loads under way.</summary>
    Task TruncateAsync(CancellationToken cancellationToken);
}
