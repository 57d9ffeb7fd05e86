using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Dlt.Lake;
using Dlt.Sql;
using Dlt.Storage;
using DuckDB.NET.Data;

namespace Dlt.Local;

/// <summary>
/// Runs queries on DuckDB over the files that the catalog names. Until the dialect has its parser, the SQL goes to DuckDB as it is, behind
/// <see cref="StatementGuard"/> and <see cref="DuckSession.Lock"/>.
/// </summary>
/// <param name="glue">The catalog.</param>
/// <param name="objects">The files.</param>
/// <param name="folder">The account's folder, for what does not fit into memory.</param>
internal sealed class DuckAthena(IGlueCatalog glue, FolderObjectStore objects, string folder) : IAthena
{
    private const int MaxStatementBytes = 262_144;

    public async Task<IAthenaResult> ExecuteAsync(AthenaQuery query, CancellationToken cancellationToken = default)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(query.Sql) > MaxStatementBytes)
            throw new AthenaQueryException("InvalidRequestException", $"The statement is longer than {MaxStatementBytes} bytes.");
        var session = await DuckSession.OpenAsync(NewSpill(), cancellationToken).ConfigureAwait(false);
        try
        {
            var (sql, pathNames) = StatementGuard.Check(session.Connection, query.Sql);
            var tables = new QueryTables(glue, objects, session, query, NewSpill);
            await tables.PrepareAsync(cancellationToken).ConfigureAwait(false);
            StatementGuard.CheckPaths(pathNames, tables.Names);
            session.Lock();
            return Run(session, sql, tables.Unreadable, cancellationToken);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private string NewSpill() => Path.Combine(folder, $"query-{Guid.NewGuid():N}");

    private static Result Run(DuckSession session, string sql, UnreadableTables unreadable, CancellationToken cancellationToken)
    {
        var command = session.Connection.CreateCommand();
        var stop = default(CancellationTokenRegistration);
        DuckDBDataReader? reader = null;
        try
        {
            command.CommandText = sql;
            stop = cancellationToken.Register(command.Cancel);
            reader = (DuckDBDataReader)command.ExecuteReader();
            return new Result(session, command, reader, stop, sql);
        }
        catch (Exception error)
        {
            stop.Dispose();
            reader?.Dispose();
            command.Dispose();
            if (error is not DuckDBException failed) throw;
            if (unreadable.ReasonOf(failed) is { } reason) ExceptionDispatchInfo.Throw(reason);
            throw DuckErrors.Translate(failed, sql);
        }
    }

    private sealed class Result : IAthenaResult
    {
        private readonly DuckSession _session;
        private readonly DuckDBCommand _command;
        private readonly DuckDBDataReader _reader;
        private readonly CancellationTokenRegistration _stop;
        private readonly string _sql;
        private readonly int?[] _scales;

        public Result(DuckSession session, DuckDBCommand command, DuckDBDataReader reader, CancellationTokenRegistration stop, string sql)
        {
            (_session, _command, _reader, _stop, _sql) = (session, command, reader, stop, sql);
            _scales = reader.FieldCount == 0
                ? [] : [.. reader.GetSchemaTable()!.Rows.Cast<System.Data.DataRow>()
                    .Select(r => r["NumericScale"] is byte scale ? scale : (int?)null)];
            Columns = [.. Enumerable.Range(0, reader.FieldCount)
                .Select(i => new AthenaColumn(reader.GetName(i), ResultTypeName.Of(DuckResultType.Of(reader.GetDataTypeName(i)))))];
        }

        public string QueryExecutionId { get; } = Guid.NewGuid().ToString();

        public ImmutableArray<AthenaColumn> Columns { get; }

        public async IAsyncEnumerable<ImmutableArray<string?>> ReadRowsAsync(
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.CompletedTask.ConfigureAwait(false);
            while (Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return [.. Enumerable.Range(0, Columns.Length).Select(i => _reader.IsDBNull(i) ? null : Text(i))];
            }
        }

        /// <summary>Decimals of Athena have up to 38 digits, those of .NET 28.</summary>
        private string Text(int column) => _reader.GetDataTypeName(column).StartsWith("Decimal", StringComparison.OrdinalIgnoreCase)
            ? AthenaText.Decimal(_reader.GetFieldValue<DuckDB.NET.Native.DuckDBDecimal>(column))
            : AthenaText.Value(_reader.GetValue(column), Columns[column].Type, _scales[column]);

        public async ValueTask DisposeAsync()
        {
            try
            {
                await _stop.DisposeAsync().ConfigureAwait(false);
                await _reader.DisposeAsync().ConfigureAwait(false);
                await _command.DisposeAsync().ConfigureAwait(false);
            }
            finally
            {
                await _session.DisposeAsync().ConfigureAwait(false);
            }
        }

        private bool Read()
        {
            try
            {
                return _reader.Read();
            }
            catch (DuckDBException error)
            {
                throw DuckErrors.Translate(error, _sql);
            }
        }
    }
}
