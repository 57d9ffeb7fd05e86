using Dlt.Json;
using Dlt.Load;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt;

/// <summary>One dataset of a destination, as the load step uses it. Every call can be repeated after a crash.</summary>
internal interface IDestinationClient : IAsyncDisposable
{
    /// <summary>Where the data is, without secrets.</summary>
    string Location { get; }

    /// <summary>The folder of this machine in which that is; null for data elsewhere.</summary>
    string? LocalFolder { get; }

    /// <summary>The dataset as queries name it; null where <c>dlt query</c> does not reach.</summary>
    string? QueryName { get; }

    /// <summary>The state of the newest committed load of the pipeline; null when there is none.</summary>
    Task<RemoteState?> RestoreStateAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The highest load id in <c>_dlt_loads</c>, of any pipeline; null when no load is complete. The next load id must be above it,
    /// whatever this machine's clock says.
    /// </summary>
    Task<string?> HighestLoadIdAsync(CancellationToken cancellationToken);

    /// <summary>True when the dataset is there.</summary>
    Task<bool> DatasetExistsAsync(CancellationToken cancellationToken);

    /// <summary>The schema of that name that the last committed load used, else the newest; null when there is none.</summary>
    Task<Schema?> RestoreSchemaAsync(string name, CancellationToken cancellationToken);

    /// <summary>
    /// Refuses, before anything is extracted, what is known to be impossible: as <see cref="Verify"/>, and by what is there. Nothing
    /// is changed.
    /// </summary>
    /// <param name="schema">The schema with what the source declares.</param>
    /// <param name="tables">Tables that the source declares.</param>
    /// <param name="dropsTables">True: the run removes what is there of the tables.</param>
    /// <param name="cancellationToken">Stops looking.</param>
    /// <exception cref="DltException">The place of the data is not there, or a table cannot take the rows.</exception>
    Task CheckAsync(Schema schema, IReadOnlyCollection<TableSchema> tables, bool dropsTables, CancellationToken cancellationToken);

    /// <summary>Refuses what the schema alone shows to be impossible.</summary>
    /// <exception cref="DltException">A table cannot be loaded.</exception>
    void Verify(Schema schema, IReadOnlyCollection<TableSchema> tables);

    /// <summary>True when the load is complete: it has its row in <c>_dlt_loads</c>, and nothing of it is done again.</summary>
    Task<bool> IsLoadedAsync(string loadId, CancellationToken cancellationToken);

    /// <summary>
    /// Refuses tables that cannot take the rows, puts down what the load will write, removes and empties what a refresh named, creates what
    /// is missing, and stores the schema. In this order.
    /// </summary>
    /// <returns>Tables that were created or got columns.</returns>
    /// <exception cref="DltException">A table cannot take the rows; nothing was changed.</exception>
    Task<IReadOnlyList<string>> PrepareAsync(LoadPlan plan, CancellationToken cancellationToken);

    /// <summary>True when a job that was done by an earlier attempt need not be done again.</summary>
    Task<bool> IsUploadedAsync(LoadJob job, Schema schema, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a job's file where its table reads it, if the table is its files; else the file waits for <see cref="PublishAsync"/>.
    /// </summary>
    Task UploadAsync(LoadJob job, Schema schema, CancellationToken cancellationToken);

    /// <summary>Makes the rows of a table's jobs visible.</summary>
    /// <param name="table">The table.</param>
    /// <param name="schema">Its schema.</param>
    /// <param name="loadId">The load.</param>
    /// <param name="jobs">All jobs of the table in the package.</param>
    /// <param name="replaces">True: nothing else of the table is left.</param>
    /// <param name="cancellationToken">Stops; the rows are then visible or not.</param>
    /// <returns>
    /// Rows of the jobs in the destination, as that says, also when an earlier call brought them in; 0 without jobs. Null where it does
    /// not say so any more, or a later load keeps the rows out: then there is nothing to compare.
    /// </returns>
    Task<long?> PublishAsync(
        TableSchema table, Schema schema, string loadId, IReadOnlyCollection<LoadJob> jobs, bool replaces,
            CancellationToken cancellationToken);

    /// <summary>Makes the loads valid, all in one moment: one row each in <c>_dlt_loads</c>.</summary>
    Task CommitAsync(IReadOnlyList<LoadPlan> loads, CancellationToken cancellationToken);

    /// <summary>
    /// After the load is valid: removes what loads that it displaces have put down meanwhile. The last call of a load, also of one that is
    /// found complete.
    /// </summary>
    Task SettleAsync(LoadPlan plan, CancellationToken cancellationToken);
}

/// <summary>A state found in the destination.</summary>
internal sealed record RemoteState(string LoadId, JsonValue State);

/// <summary>A job of a package: its file and table.</summary>
internal sealed record LoadJob(JobFileName Name, string FilePath, TableSchema Table, string SchemaName, string LoadId);
