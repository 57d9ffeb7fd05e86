using System.Collections.Immutable;

namespace Dlt.Lake;

/// <summary>
/// Runs SQL statements: start a query, wait until it ends, then open its result. Implemented over Amazon Athena and over the embedded local
/// engine; both pass the same contract tests. <see cref="AthenaExtensions.ExecuteAsync"/> performs all steps.
/// </summary>
/// <remarks>Safe for use by several threads at once. Amazon Athena API, StartQueryExecution to GetQueryResults.</remarks>
public interface IAthena
{
    /// <summary>Starts a query of one statement.</summary>
    /// <param name="query">Statement with its database and catalog.</param>
    /// <param name="cancellationToken">Cancels the call. Whether the query has started is then unknown.</param>
    /// <returns>Id of the query for the other methods.</returns>
    /// <exception cref="AthenaQueryException">The statement was refused. No query was started.</exception>
    Task<string> StartAsync(AthenaQuery query, CancellationToken cancellationToken = default);

    /// <summary>Waits until a query has ended.</summary>
    /// <param name="queryExecutionId">Id of the query.</param>
    /// <param name="cancellationToken">Cancels the wait. The query continues.</param>
    /// <returns>The bytes that the query has scanned.</returns>
    /// <exception cref="AthenaQueryException">The query failed or was stopped, or does not exist.</exception>
    Task<QueryStatistics> WaitAsync(string queryExecutionId, CancellationToken cancellationToken = default);

    /// <summary>Opens the result of a query that has ended. The caller disposes it.</summary>
    /// <param name="queryExecutionId">Id of the query. The local engine returns each result only once.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="AthenaQueryException">The query is still running, has failed, or does not exist.</exception>
    Task<IAthenaResult> OpenResultAsync(string queryExecutionId, CancellationToken cancellationToken = default);

    /// <summary>Stops a query whose result is not needed. Does nothing when it has ended.</summary>
    /// <param name="queryExecutionId">Id of the query.</param>
    /// <param name="cancellationToken">Cancels the call. The query may continue.</param>
    /// <exception cref="AthenaQueryException">The service refused to stop the query.</exception>
    Task StopAsync(string queryExecutionId, CancellationToken cancellationToken = default);
}

/// <summary>A statement to run.</summary>
/// <param name="Sql">One SQL statement of at most 262,144 bytes of UTF-8.</param>
/// <param name="Database">Database for names without a database; null for none.</param>
/// <param name="Catalog">Catalog for names without a catalog; null for the default.</param>
public sealed record AthenaQuery(string Sql, string? Database = null, string? Catalog = null);

/// <summary>A column of a result.</summary>
/// <param name="Name">Name of the column in the result.</param>
/// <param name="Type">Athena's name of the type, such as <c>varchar</c> or <c>timestamp</c>.</param>
public sealed record AthenaColumn(string Name, string Type);

/// <summary>The result of a query that has ended.</summary>
public interface IAthenaResult : IAsyncDisposable
{
    /// <summary>Id of the query on the service.</summary>
    string QueryExecutionId { get; }

    /// <summary>Columns in order; empty for statements without rows.</summary>
    ImmutableArray<AthenaColumn> Columns { get; }

    /// <summary>
    /// Rows that a CREATE TABLE AS, INSERT or UPDATE has written; null when the engine does not count them (Amazon Athena API,
    /// GetQueryResults, UpdateCount).
    /// </summary>
    long? UpdateCount => null;

    /// <summary>Reads the rows. Every value is the text that Athena prints; null for a null.</summary>
    IAsyncEnumerable<ImmutableArray<string?>> ReadRowsAsync(CancellationToken cancellationToken = default);
}

/// <summary>Thrown when Athena refuses a statement or a query fails.</summary>
public sealed class AthenaQueryException : DltException
{
    /// <summary>Creates an error with the message <c>NAME: message</c>.</summary>
    public AthenaQueryException(string errorName, string message, int? line = null, int? column = null, Exception? innerException = null)
        : base($"{errorName}: {(line is null ? "" : $"line {line}:{column ?? 1}: ")}{message}", innerException)
    {
        ErrorName = errorName;
        Line = line;
        Column = column;
    }

    /// <summary>Athena's name of the error, such as <c>TABLE_NOT_FOUND</c>.</summary>
    public string ErrorName { get; }

    /// <summary>Line of the statement, 1 for the first; null when unknown.</summary>
    public int? Line { get; }

    /// <summary>Column in the line, 1 for the first; null when unknown.</summary>
    public int? Column { get; }

    /// <summary>Id of the query on the service; null when it was not started.</summary>
    public string? QueryExecutionId { get; init; }

    /// <summary>
    /// Category of the error: 1 for the system, 2 for the statement or its data, 3 for others; null when the service does not say it
    /// (Amazon Athena API, AthenaError).
    /// </summary>
    public int? ErrorCategory { get; init; }

    /// <summary>
    /// Type of the error, 0 to 9999, such as 233 for a lost race on an Iceberg table; null when the service does not say it (Amazon Athena
    /// User Guide, Athena error catalog).
    /// </summary>
    public int? ErrorType { get; init; }

    /// <summary>The bytes that the query had scanned when it failed or was stopped; null when the service does not say it.</summary>
    public QueryStatistics? Statistics { get; init; }
}
