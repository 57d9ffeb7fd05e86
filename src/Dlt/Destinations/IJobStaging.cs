namespace Dlt.Destinations;

/// <summary>The first part of a load: moves all bytes to the destination. No row needs to be visible afterwards.</summary>
public interface IJobStaging
{
    /// <summary>
    /// Moves the file of a job to the destination. Several jobs are staged at once (<c>load.workers</c>). Names at the destination derive
    /// from the load and the job, so a repeated call overwrites the output of the first one.
    /// </summary>
    /// <param name="job">The job.</param>
    /// <param name="cancellationToken">Stops the call; part of the file may be at the destination.</param>
    /// <returns>
    /// A receipt with the facts that publishing needs about the staged bytes. The package stores it, and publishing finds it in
    /// <see cref="LoadJob.Receipt"/>. Empty when the job and the plan are enough.
    /// </returns>
    Task<ReadOnlyMemory<byte>> StageAsync(LoadJob job, CancellationToken cancellationToken = default);

    /// <summary>Returns true when a job that an earlier process staged need not be staged again.</summary>
    /// <param name="job">The job, with the receipt that the earlier process stored.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<bool> IsStagedAsync(LoadJob job, CancellationToken cancellationToken = default);
}
