using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Text;
using Dlt.Lake;
using Dlt.Storage;
using DuckDB.NET.Data;

namespace Dlt.Local;

/// <summary>
/// Runs queries on DuckDB over the files that the catalog names. There is no parser for Athena's dialect yet: the SQL goes to DuckDB
/// unchanged, after <see cref="StatementGuard"/> and <see cref="DuckSession.Lock"/>. Statements of loads that make or drop tables go to
/// <see cref="DdlRunner"/>.
/// </summary>
/// <param name="glue">Catalog of the tables.</param>
/// <param name="objects">Object store of the files.</param>
/// <param name="folder">The account's folder, for temporary files of queries that exceed the memory.</param>
/// <remarks>A query holds its session until its result is disposed. Stop a query if its result is not opened.</remarks>
internal sealed class DuckAthena(IGlueCatalog glue, FolderObjectStore objects, string folder) : IAthena
{
    private const int MaxStatementBytes = 262_144;

    private readonly ConcurrentDictionary<string, DuckExecution> _executions = new(StringComparer.Ordinal);

    public Task<string> StartAsync(AthenaQuery query, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (Encoding.UTF8.GetByteCount(query.Sql) > MaxStatementBytes)
            throw new AthenaQueryException("InvalidRequestException", $"The statement is longer than {MaxStatementBytes} bytes.");
        var id = Guid.NewGuid().ToString();
        _executions[id] = new(stop => RunAsync(id, query, stop));
        return Task.FromResult(id);
    }

    public async Task<QueryStatistics> WaitAsync(string queryExecutionId, CancellationToken cancellationToken = default)
    {
        var execution = Find(queryExecutionId);
        try
        {
            await execution.Running.WaitAsync(cancellationToken).ConfigureAwait(false);
            return new(BytesScanned: null, IsBilled: false);
        }
        catch when (execution.Running.IsCompleted)
        {
            if (_executions.TryRemove(queryExecutionId, out var failed)) failed.Dispose();   // it has no result to open
            throw;
        }
    }

    public async Task<IAthenaResult> OpenResultAsync(string queryExecutionId, CancellationToken cancellationToken = default)
    {
        if (!Find(queryExecutionId).Running.IsCompleted)
            throw new AthenaQueryException("InvalidRequestException", "Query has not yet finished. Current state: RUNNING");
        if (!_executions.TryRemove(queryExecutionId, out var execution)) throw Unknown(queryExecutionId);
        using (execution) return await execution.Running.ConfigureAwait(false);
    }

    public Task StopAsync(string queryExecutionId, CancellationToken cancellationToken = default) =>
        _executions.TryRemove(queryExecutionId, out var execution) ? execution.StopAsync() : Task.CompletedTask;

    private DuckExecution Find(string id) => _executions.TryGetValue(id, out var execution) ? execution : throw Unknown(id);

    private static AthenaQueryException Unknown(string id) => new("InvalidRequestException", $"QueryExecution {id} was not found");

    private async Task<IAthenaResult> RunAsync(string id, AthenaQuery query, CancellationToken cancellationToken)
    {
        if (DdlReader.TryRead(query.Sql) is { } statement)
        {
            await new DdlRunner(glue, objects).RunAsync(statement, cancellationToken).ConfigureAwait(false);
            return new DdlResult(id);
        }

        var session = await DuckSession.OpenAsync(NewSpill(), cancellationToken).ConfigureAwait(false);
        try
        {
            var (sql, pathNames) = StatementGuard.Check(session.Connection, query.Sql);
            var tables = new QueryTables(glue, objects, session, query, NewSpill);
            await tables.PrepareAsync(cancellationToken).ConfigureAwait(false);
            StatementGuard.CheckPaths(pathNames, tables.Names);
            session.Lock();
            return Run(id, session, sql, tables.Unreadable, cancellationToken);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The types of the columns of a query; none for a statement that is no query.</summary>
    private static List<string> TypesOf(DuckSession session, string sql)
    {
        using var command = session.Connection.CreateCommand();
        command.CommandText = $"DESCRIBE {sql}";
        var types = new List<string>();
        try
        {
            using var reader = command.ExecuteReader();
            while (reader.Read()) types.Add(reader.GetString(1));
        }
        catch (DuckDBException)
        {
            types.Clear();   // the values are read as they are
        }

        return types;
    }

    private string NewSpill() => Path.Combine(folder, $"query-{Guid.NewGuid():N}");

    private static DuckResult Run(
        string id, DuckSession session, string sql, UnreadableTables unreadable, CancellationToken cancellationToken)
    {
        var command = session.Connection.CreateCommand();
        DuckDBDataReader? reader = null;
        try
        {
            command.CommandText = sql;
            using var stop = cancellationToken.Register(command.Cancel);
            reader = (DuckDBDataReader)command.ExecuteReader();
            List<string> names = [.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)];
            var json = NestedColumns.JsonOf(reader, () => TypesOf(session, sql));
            if (json.Count > 0)
            {
                reader.Dispose();
                command.CommandText = NestedColumns.WithJson(sql, names.Count, json);
                reader = (DuckDBDataReader)command.ExecuteReader();
            }

            return new(id, session, command, reader, sql, names, json);
        }
        catch (Exception error)
        {
            reader?.Dispose();
            command.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            if (error is not DuckDBException failed) throw;
            if (unreadable.ReasonOf(failed) is { } reason) ExceptionDispatchInfo.Throw(reason);
            throw DuckErrors.Translate(failed, sql);
        }
    }
}
