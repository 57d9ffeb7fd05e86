namespace Dlt.Destinations;

/// <summary>The first part of a load: all bytes move to the destination. No row needs to be visible afterwards.</summary>
public interface IJobStaging
{
    /// <summary>
    /// Moves the file of a job to the destination. Several jobs are staged at once (<c>load.workers</c>). Names at the destination follow
    /// from load and job, so that a repeated call writes over what the first one wrote.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Stops; part of the file may be there.</param>
    /// <returns>
    /// What publishing needs to know of the staged bytes. The package keeps it and gives it back as <see cref="LoadJob.Receipt"/>; empty
    /// where job and plan say everything.
    /// </returns>
    Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken);

    /// <summary>True when a job that an earlier process staged need not be staged again.</summary>
    /// <param name="job">The job, with the receipt of that process.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken);
}
