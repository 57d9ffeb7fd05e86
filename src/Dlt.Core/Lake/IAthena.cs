using System.Collections.Immutable;

namespace Dlt.Lake;

/// <summary>Runs SQL. Implemented over Amazon Athena and over the embedded local engine.</summary>
public interface IAthena
{
    /// <summary>Runs one statement and hands out its rows as they come.</summary>
    /// <param name="query">The statement and where it runs.</param>
    /// <param name="cancellationToken">Stops the query on the service as well.</param>
    /// <exception cref="AthenaQueryException">The statement is refused or failed.</exception>
    Task<IAthenaResult> ExecuteAsync(AthenaQuery query, CancellationToken cancellationToken = default);
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
