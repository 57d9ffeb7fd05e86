namespace Dlt.Destinations;

/// <summary>
/// A client that records at the destination how far a load has come, so that another machine can complete or undo it without the working
/// folder. A run holds the lease of the pipeline (<see cref="IRunLease"/>) when it calls this.
/// </summary>
public interface ILoadJournal
{
    /// <summary>
    /// Records that all jobs of loads are staged. From now on any machine can publish and commit them. The load step calls it after the
    /// last <see cref="IJobStaging.StageAsync"/> and before the first <see cref="IChainPublishing.PublishAsync"/>.
    /// </summary>
    /// <param name="loads">Loads that are committed together, one or more; each job has its receipt.</param>
    /// <param name="cancellationToken">Stops the call; afterwards either all or none of the loads count as staged.</param>
    /// <exception cref="DltException">Another run has taken a load back. Nothing of it was published.</exception>
    Task RecordStagedAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken = default);

    /// <summary>
    /// Completes the loads of the pipeline that were recorded as staged, and removes the files of those that were not. It is called before
    /// the state is read.
    /// </summary>
    /// <param name="kept">Loads whose packages are on this machine; they are left as they are.</param>
    /// <param name="resets">
    /// True: the run resets what sources keep, as a refresh or a drop does. Otherwise a load of an earlier refresh that may have emptied
    /// tables stops the run, until a run that resets is committed: the cursors would leave out the rows that the tables had.
    /// </param>
    /// <param name="ensureLease">
    /// Call it before each write that other runs would see. It throws when the run has lost the lease of the pipeline.
    /// </param>
    /// <param name="cancellationToken">Stops the call; the next run repeats it.</param>
    /// <exception cref="DltException">An earlier refresh may have emptied tables, and this run does not reset.</exception>
    Task RecoverAsync(
        IReadOnlySet<string> kept, bool resets, Func<CancellationToken, Task> ensureLease, CancellationToken cancellationToken = default);
}
