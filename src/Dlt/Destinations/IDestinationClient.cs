using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>
/// One dataset of a destination. A load calls it in this order: <see cref="IsLoadedAsync"/>, <see cref="VerifySchema"/>,
/// <see cref="PrepareAsync"/>, <see cref="IJobStaging.StageAsync"/> for each job, <see cref="IChainPublishing.PublishAsync"/> for each
/// chain, <see cref="CommitAsync"/>, and, where the client has it, <see cref="IDatasetUpkeep.SettleAsync"/>.
/// </summary>
/// <remarks>
/// Every call can be repeated after a crash, by another process or machine too, and has the same outcome then. The load step repeats calls
/// whose exception is a <see cref="DltException"/> that says so (<see cref="DltException.IsTransient"/>), an <see cref="IOException"/> or
/// an <see cref="HttpRequestException"/>. Jobs are staged in parallel; all other calls come one after another. What only some destinations
/// can do is an interface of its own, which the client implements too: <see cref="IStateSync"/>, <see cref="IDatasetUpkeep"/>.
/// </remarks>
public interface IDestinationClient : IJobStaging, IChainPublishing, IAsyncDisposable
{
    /// <summary>Where the data is, such as <c>s3://bucket/dataset</c>, without secrets.</summary>
    string Location { get; }

    /// <summary>The folder of this machine that holds the data; null for data elsewhere.</summary>
    string? LocalFolder { get; }

    /// <summary>The dataset as queries name it; null where <c>dlt query</c> does not reach.</summary>
    string? QueryName { get; }

    /// <summary>
    /// Refuses, before anything is extracted, what is known to be impossible: as <see cref="VerifySchema"/>, and by what is there. Changes
    /// nothing.
    /// </summary>
    /// <param name="schema">The schema with what the source declares.</param>
    /// <param name="tables">Tables that the source declares.</param>
    /// <param name="dropsTables">True: the run removes what is there of the tables.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <exception cref="DltException">The place of the data is not there, or a table cannot take the rows.</exception>
    Task CheckAsync(Schema schema, IReadOnlyCollection<TableSchema> tables, bool dropsTables, CancellationToken cancellationToken);

    /// <summary>Refuses what the schema alone shows to be impossible.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="tables">Tables of it that are to be loaded.</param>
    /// <exception cref="DltException">A table cannot be loaded.</exception>
    void VerifySchema(Schema schema, IReadOnlyCollection<TableSchema> tables);

    /// <summary>True when the load is complete: it has its row in <c>_dlt_loads</c>, and nothing of it is done again.</summary>
    /// <param name="loadId">The load.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    Task<bool> IsLoadedAsync(string loadId, CancellationToken cancellationToken);

    /// <summary>
    /// Begins a load. It refuses tables that cannot take the rows, notes what the load will write, removes and empties what a refresh
    /// named, creates and widens tables, and stores the schema. In this order.
    /// </summary>
    /// <param name="plan">What the load does.</param>
    /// <param name="cancellationToken">Stops; some of it may be done.</param>
    /// <returns>Names of the tables that were created or got columns.</returns>
    /// <exception cref="DltException">A table cannot take the rows; nothing was changed.</exception>
    Task<IReadOnlyList<string>> PrepareAsync(LoadPlan plan, CancellationToken cancellationToken);

    /// <summary>Makes loads valid, all in one moment: one row for each in <c>_dlt_loads</c>.</summary>
    /// <param name="loads">The loads, one or more, all published.</param>
    /// <param name="cancellationToken">Stops; the loads are then all valid, or none.</param>
    Task CommitAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken);
}
