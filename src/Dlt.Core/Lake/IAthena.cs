using System.Collections.Immutable;

namespace Dlt.Lake;

/// <summary>
/// Runs SQL: a query is started, ends, and then its result is read. Implemented over Amazon Athena and over the embedded local engine; both
/// pass one contract suite. <see cref="AthenaExtensions.ExecuteAsync"/> does it all.
/// </summary>
/// <remarks>Safe for several threads at once. Amazon Athena API, StartQueryExecution to GetQueryResults.</remarks>
public interface IAthena
{
    /// <summary>Starts one statement.</summary>
    /// <param name="query">The statement and where it runs.</param>
    /// <param name="cancellationToken">Stops the call; whether the query has started is then not known.</param>
    /// <returns>Id of the query, which the other calls take.</returns>
    /// <exception cref="AthenaQueryException">The statement is refused; nothing was started.</exception>
    Task<string> StartAsync(AthenaQuery query, CancellationToken cancellationToken = default);

    /// <summary>Waits until a query has ended.</summary>
    /// <param name="queryExecutionId">Id of the query.</param>
    /// <param name="cancellationToken">Stops waiting; the query goes on.</param>
    /// <exception cref="AthenaQueryException">The query failed or was stopped, or there is no such query.</exception>
    Task WaitAsync(string queryExecutionId, CancellationToken cancellationToken = default);

    /// <summary>Opens the result of a query that has ended; the caller disposes it.</summary>
    /// <param name="queryExecutionId">Id of the query. The local engine gives a result out once.</param>
    /// <param name="cancellationToken">Stops the call.</param>
    /// <exception cref="AthenaQueryException">The query has not ended, has failed, or there is no such query.</exception>
    Task<IAthenaResult> OpenResultAsync(string queryExecutionId, CancellationToken cancellationToken = default);

    /// <summary>Ends a query whose result nobody will read; one that has ended stays as it is.</summary>
    /// <param name="queryExecutionId">Id of the query.</param>
    /// <param name="cancellationToken">Stops the call; the query may go on.</param>
    /// <exception cref="AthenaQueryException">The service refused to stop it.</exception>
    Task StopAsync(string queryExecutionId, CancellationToken cancellationToken = default);
}

/// <summary>A statement to run.</summary>
/// <param name="Sql">One statement, at most 262,144 bytes of UTF-8.</param>
/// <param name="Database">Database of names without one.</param>
/// <param name="Catalog">Catalog of names without one.</param>
public sealed record AthenaQuery(string Sql, string? Database = null, string? Catalog = null);

/// <summary>A column of a result.</summary>
/// <param name="Name">As the statement names it.</param>
/// <param name="Type">Athena's type name, such as <c>varchar</c> or <c>timestamp</c>.</param>
public sealed record AthenaColumn(string Name, string Type);

/// <summary>Rows of a finished query.</summary>
public interface IAthenaResult : IAsyncDisposable
{
    /// <summary>Id of the query on the service.</summary>
    string QueryExecutionId { get; }

    /// <summary>Columns in order; empty for statements without rows.</summary>
    ImmutableArray<AthenaColumn> Columns { get; }

    /// <summary>Rows; every value is the text that Athena prints, null for a null.</summary>
    IAsyncEnumerable<ImmutableArray<string?>> ReadRowsAsync(CancellationToken cancellationToken = default);
}

/// <summary>A statement that Athena refused or that failed.</summary>
public sealed class AthenaQueryException : DltException
{
    /// <summary>An error as <c>NAME: message</c>.</summary>
    public AthenaQueryException(string errorName, string message, int? line = null, int? column = null, Exception? innerException = null)
        : base($"{errorName}: {(line is null ? "" : $"line {line}:{column ?? 1}: ")}{message}", innerException)
    {
        ErrorName = errorName;
        Line = line;
        Column = column;
    }

    /// <summary>Athena's name of the error, such as <c>TABLE_NOT_FOUND</c>.</summary>
    public string ErrorName { get; }

    /// <summary>1-based line of the statement, if known.</summary>
    public int? Line { get; }

    /// <summary>1-based column of the statement, if known.</summary>
    public int? Column { get; }

    /// <summary>Id of the query on the service, if it got one.</summary>
    public string? QueryExecutionId { get; init; }
}
