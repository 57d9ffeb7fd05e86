using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Dlt.Lake;
using Dlt.Storage;
using DuckDB.NET.Data;

namespace Dlt.Local;

/// <summary>Runs queries on DuckDB over the files that the catalog names. Until the dialect has its parser, the SQL goes to DuckDB as it is.</summary>
internal sealed class DuckAthena(IGlueCatalog glue, FolderObjectStore objects) : IAthena
{
    private const string DefaultCatalog = "awsdatacatalog";
    private const int MaxStatementBytes = 262_144;

    public async Task<IAthenaResult> ExecuteAsync(AthenaQuery query, CancellationToken cancellationToken = default)
    {
        if (System.Text.Encoding.UTF8.GetByteCount(query.Sql) > MaxStatementBytes)
            throw new AthenaQueryException("InvalidRequestException", $"The statement is longer than {MaxStatementBytes} bytes.");
        var connection = new DuckDBConnection("DataSource=:memory:");
        try
        {
            await connection.OpenAsync(cancellationToken).ConfigureAwait(false);
            await PrepareAsync(connection, query, cancellationToken).ConfigureAwait(false);
            return Run(connection, query.Sql, cancellationToken);
        }
        catch
        {
            await connection.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Databases become schemas and tables views of an attached catalog of that name, so that one-, two- and three-part names work.</summary>
    private async Task PrepareAsync(DuckDBConnection connection, AthenaQuery query, CancellationToken cancellationToken)
    {
        Execute(connection, "SET autoinstall_known_extensions = false");
        Execute(connection, "SET TimeZone = 'UTC'");
        Execute(connection, $"ATTACH ':memory:' AS {DefaultCatalog}");
        var found = false;
        await foreach (var database in glue.GetDatabasesAsync(cancellationToken).ConfigureAwait(false))
        {
            found |= database.Name == query.Database?.ToLowerInvariant();
            if (query.Sql.Contains(database.Name, StringComparison.OrdinalIgnoreCase) || database.Name == query.Database?.ToLowerInvariant())
                await AddDatabaseAsync(connection, database.Name, query.Sql, cancellationToken).ConfigureAwait(false);
        }

        if (query.Database is null) return;
        if (!found) throw new AthenaQueryException("SCHEMA_NOT_FOUND", $"Schema '{query.Database}' does not exist");
        Execute(connection, $"USE {DefaultCatalog}.{DuckIdentifier.Quote(query.Database.ToLowerInvariant())}");
    }

    private async Task AddDatabaseAsync(DuckDBConnection connection, string database, string sql, CancellationToken cancellationToken)
    {
        var schema = $"{DefaultCatalog}.{DuckIdentifier.Quote(database)}";
        Execute(connection, $"CREATE SCHEMA IF NOT EXISTS {schema}");
        await foreach (var table in glue.GetTablesAsync(database, cancellationToken).ConfigureAwait(false))
        {
            // Only tables that the statement may mean need their files listed; the others are known by their columns.
            var isMeant = sql.Contains(table.Name, StringComparison.OrdinalIgnoreCase);
            if (table.IsIceberg)
            {
                if (isMeant) await CreateIcebergAsync(connection, table, $"{schema}.{DuckIdentifier.Quote(table.Name)}", cancellationToken).ConfigureAwait(false);
                continue;
            }

            IReadOnlyList<string> files = isMeant ? await TableView.FilesAsync(table, objects, cancellationToken).ConfigureAwait(false) : [];
            try
            {
                Execute(connection, $"CREATE VIEW {schema}.{DuckIdentifier.Quote(table.Name)} AS {TableView.Select(table, objects, files)}");
            }
            catch (DltException) when (!isMeant)
            {
                // A table that cannot be read hinders only the queries that name it.
            }
            catch (DuckDBException error) when (isMeant)
            {
                throw new AthenaQueryException("HIVE_BAD_DATA", $"Table '{database}.{table.Name}' cannot be read: {error.Message.Split('\n')[0]}", innerException: error);
            }
        }
    }

    private async Task CreateIcebergAsync(DuckDBConnection connection, GlueTable table, string name, CancellationToken cancellationToken)
    {
        try
        {
            await IcebergView.CreateAsync(table, objects, name, sql => Execute(connection, sql), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is Dlt.Iceberg.IcebergException or DuckDBException)
        {
            throw new AthenaQueryException("ICEBERG_BAD_DATA", $"Table '{table.DatabaseName}.{table.Name}' cannot be read: {error.Message.Split('\n')[0]}", innerException: error);
        }
    }

    private static Result Run(DuckDBConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        var stop = cancellationToken.Register(command.Cancel);
        try
        {
            return new Result(connection, command, (DuckDBDataReader)command.ExecuteReader(), stop, sql);
        }
        catch (DuckDBException error)
        {
            stop.Dispose();
            command.Dispose();
            throw DuckErrors.Translate(error, sql);
        }
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private sealed class Result : IAthenaResult
    {
        private readonly DuckDBConnection _connection;
        private readonly DuckDBCommand _command;
        private readonly DuckDBDataReader _reader;
        private readonly CancellationTokenRegistration _stop;
        private readonly string _sql;
        private readonly int?[] _scales;

        public Result(DuckDBConnection connection, DuckDBCommand command, DuckDBDataReader reader, CancellationTokenRegistration stop, string sql)
        {
            (_connection, _command, _reader, _stop, _sql) = (connection, command, reader, stop, sql);
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
                yield return [.. Enumerable.Range(0, Columns.Length).Select(i => _reader.IsDBNull(i) ? null : AthenaText.Value(_reader.GetValue(i), Columns[i].Type, _scales[i]))];
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.DisposeAsync().ConfigureAwait(false);
            await _reader.DisposeAsync().ConfigureAwait(false);
            await _command.DisposeAsync().ConfigureAwait(false);
            await _connection.DisposeAsync().ConfigureAwait(false);
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
