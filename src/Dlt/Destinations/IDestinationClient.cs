using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>
/// One dataset of a destination. A load calls it in this order: <see cref="IsLoadedAsync"/>, <see cref="VerifySchema"/>,
/// <see cref="PrepareAsync"/>, <see cref="IJobStaging.StageAsync"/> for each job, <see cref="IChainPublishing.PublishAsync"/> for each
/// chain, <see cref="CommitAsync"/>, and, where the client has it, <see cref="IDatasetUpkeep.SettleAsync"/>.
/// </summary>
/// <remarks>
/// Every call can be repeated after a crash, also by another process or machine, and then has the same outcome. The load step retries calls
/// whose exception is a <see cref="DltException"/> with <see cref="DltException.IsTransient"/> set, an <see cref="IOException"/> or an
/// <see cref="HttpRequestException"/>. Jobs are staged in parallel; all other calls are sequential. A capability that only some
/// destinations have is a separate interface, which the client implements in addition: <see cref="IStateSync"/>,
/// <see cref="IDatasetUpkeep"/>, <see cref="IRunLease"/>, <see cref="ILoadJournal"/>.
/// </remarks>
public interface IDestinationClient : IJobStaging, IChainPublishing, IAsyncDisposable
{
    /// <summary>Location of the data, such as <c>s3://bucket/dataset</c>, without secrets.</summary>
    string Location { get; }

    /// <summary>Local folder that holds the data; null when the data is not on this machine.</summary>
    string? LocalFolder { get; }

    /// <summary>Name of the dataset in queries; null when <c>dlt query</c> cannot read it.</summary>
    string? QueryName { get; }

    /// <summary>
    /// Checks before the extract that the load is possible: as <see cref="VerifySchema"/>, and against the existing tables. It changes
    /// nothing.
    /// </summary>
    /// <param name="schema">The schema with the tables and hints that the source declares.</param>
    /// <param name="tables">Tables that the source declares.</param>
    /// <param name="dropsTables">True: the run removes the existing tables or their rows.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="DltException">The location of the data does not exist, or a table cannot take the rows.</exception>
    Task CheckAsync(
        Schema schema, IReadOnlyCollection<TableSchema> tables, bool dropsTables, CancellationToken cancellationToken = default);

    /// <summary>Checks that the destination can hold the tables of a schema. It calls no service.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="tables">Tables of the schema that are to be loaded.</param>
    /// <exception cref="DltException">A table cannot be loaded.</exception>
    void VerifySchema(Schema schema, IReadOnlyCollection<TableSchema> tables);

    /// <summary>Returns true when the load is complete: <c>_dlt_loads</c> has its row, and no step of it is repeated.</summary>
    /// <param name="loadId">The load.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    Task<bool> IsLoadedAsync(string loadId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Begins a load, in this order: refuses tables that cannot take the rows, records the writes that the load will make, drops and
    /// empties the tables of a refresh, creates and widens tables, and stores the schema.
    /// </summary>
    /// <param name="plan">The load.</param>
    /// <param name="cancellationToken">Stops the call; part of the work may be done.</param>
    /// <returns>Names of the tables that were created or got columns.</returns>
    /// <exception cref="DltException">A table cannot take the rows; nothing was changed.</exception>
    Task<IReadOnlyList<string>> PrepareAsync(LoadPlan plan, CancellationToken cancellationToken = default);

    /// <summary>Commits loads at one moment: adds one row for each to <c>_dlt_loads</c>.</summary>
    /// <param name="loads">The loads, one or more, all published.</param>
    /// <param name="cancellationToken">Stops the call; afterwards either all or none of the loads are committed.</param>
    Task CommitAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken = default);
}
