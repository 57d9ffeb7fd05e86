using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Dlt.Lake;
using Dlt.Storage;
using DuckDB.NET.Data;

namespace Dlt.Local;

/// <summary>Runs queries on DuckDB over the files that the catalog names. Until the dialect has its parser, the SQL goes to DuckDB as it is, behind <see cref="StatementGuard"/> and <see cref="DuckSession.Lock"/>.</summary>
/// <param name="glue">The catalog.</param>
/// <param name="objects">The files.</param>
/// <param name="folder">The account's folder, for what does not fit into memory.</param>
internal sealed class DuckAthena(IGlueCatalog glue, FolderObjectStore objects, string folder) : IAthena
{
    private const string DefaultCatalog = "awsdatacatalog";
    private const int MaxStatementBytes = 262_144;

    public async Task<IAthenaResult> ExecuteAsync(AthenaQuery query, CancellationToken cancellationToken = default)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(query.Sql) > MaxStatementBytes)
            throw new AthenaQueryException("InvalidRequestException", $"The statement is longer than {MaxStatementBytes} bytes.");
        var session = await DuckSession.OpenAsync(NewSpill(), cancellationToken).ConfigureAwait(false);
        try
        {
            var (sql, pathNames) = StatementGuard.Check(session.Connection, query.Sql);
            var tables = await PrepareAsync(session, query, cancellationToken).ConfigureAwait(false);
            StatementGuard.CheckPaths(pathNames, tables);
            session.Lock();
            return Run(session, sql, cancellationToken);
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Databases become schemas and tables views of an attached catalog of that name, so that one-, two- and three-part names work.</summary>
    /// <returns>Names of the tables.</returns>
    private async Task<HashSet<string>> PrepareAsync(DuckSession session, AthenaQuery query, CancellationToken cancellationToken)
    {
        var tables = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        session.Execute($"ATTACH ':memory:' AS {DefaultCatalog}");
        var found = false;
        await foreach (var database in glue.GetDatabasesAsync(cancellationToken).ConfigureAwait(false))
        {
            found |= database.Name == query.Database?.ToLowerInvariant();
            if (query.Sql.Contains(database.Name, StringComparison.OrdinalIgnoreCase) || database.Name == query.Database?.ToLowerInvariant())
                tables.UnionWith(await AddDatabaseAsync(session, database.Name, query.Sql, cancellationToken).ConfigureAwait(false));
        }

        if (query.Database is null) return tables;
        if (!found) throw new AthenaQueryException("SCHEMA_NOT_FOUND", $"Schema '{query.Database}' does not exist");
        session.Execute($"USE {DefaultCatalog}.{DuckIdentifier.Quote(query.Database.ToLowerInvariant())}");
        return tables;
    }

    private async Task<List<string>> AddDatabaseAsync(DuckSession session, string database, string sql, CancellationToken cancellationToken)
    {
        var names = new List<string>();
        var schema = $"{DefaultCatalog}.{DuckIdentifier.Quote(database)}";
        session.Execute($"CREATE SCHEMA IF NOT EXISTS {schema}");
        await foreach (var table in glue.GetTablesAsync(database, cancellationToken).ConfigureAwait(false))
        {
            names.Add(table.Name);

            // Only tables that the statement may mean need their files listed; the others are known by their columns.
            var isMeant = sql.Contains(table.Name, StringComparison.OrdinalIgnoreCase);
            var name = $"{schema}.{DuckIdentifier.Quote(table.Name)}";
            try
            {
                if (!table.IsIceberg) await CreateHiveAsync(session, table, name, isMeant, cancellationToken).ConfigureAwait(false);
                else if (isMeant) await IcebergView.CreateAsync(table, objects, name, session, NewSpill(), cancellationToken).ConfigureAwait(false);
            }
            catch (DltException) when (!isMeant)
            {
                // A table that cannot be read hinders only the queries that name it.
            }
            catch (Exception error) when (isMeant && error is Dlt.Iceberg.IcebergException or DuckDBException)
            {
                throw new AthenaQueryException(
                    table.IsIceberg ? "ICEBERG_BAD_DATA" : "HIVE_BAD_DATA", $"Table '{database}.{table.Name}' cannot be read: {error.Message.Split('\n')[0]}", innerException: error);
            }
        }

        return names;
    }

    private async Task CreateHiveAsync(DuckSession session, GlueTable table, string name, bool isMeant, CancellationToken cancellationToken)
    {
        var paths = new AccountFiles(objects);
        if (isMeant && table.Location.Length > 0) paths.CheckFolder(table.Location);
        IReadOnlyList<string> files = isMeant ? await TableView.FilesAsync(table, objects, cancellationToken).ConfigureAwait(false) : [];
        session.Execute($"CREATE VIEW {name} AS {TableView.Select(table, files, file => session.Allow(paths.PathOf(file)))}");
    }

    private string NewSpill() => Path.Combine(folder, $"query-{Guid.NewGuid():N}");

    private static Result Run(DuckSession session, string sql, CancellationToken cancellationToken)
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
            if (error is DuckDBException failed) throw DuckErrors.Translate(failed, sql);
            throw;
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
            _scales = reader.FieldCount == 0 ? [] : [.. reader.GetSchemaTable()!.Rows.Cast<System.Data.DataRow>().Select(r => r["NumericScale"] is byte scale ? scale : (int?)null)];
            Columns = [.. Enumerable.Range(0, reader.FieldCount).Select(i => new AthenaColumn(reader.GetName(i), AthenaText.TypeName(reader.GetDataTypeName(i))))];
        }

        public string QueryExecutionId { get; } = Guid.NewGuid().ToString();

        public ImmutableArray<AthenaColumn> Columns { get; }

        public async IAsyncEnumerable<ImmutableArray<string?>> ReadRowsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
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
