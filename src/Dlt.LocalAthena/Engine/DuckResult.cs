using System.Collections.Immutable;
using System.Data;
using System.Runtime.CompilerServices;
using Dlt.Lake;
using Dlt.Sql;
using DuckDB.NET.Data;
using DuckDB.NET.Native;

namespace Dlt.Local;

/// <summary>The result of a query. DuckDB produces the rows while they are read.</summary>
internal sealed class DuckResult : IAthenaResult
{
    private readonly DuckSession _session;
    private readonly DuckDBCommand _command;
    private readonly DuckDBDataReader _reader;
    private readonly string _sql;
    private readonly int?[] _scales;
    private readonly NestedColumns _nested;

    /// <param name="id">Id of the query execution.</param>
    /// <param name="session">Its session, which is disposed with the result.</param>
    /// <param name="command">The command that runs.</param>
    /// <param name="reader">Reader of its rows.</param>
    /// <param name="sql">Text of the statement, for the places of errors.</param>
    /// <param name="names">Names of the columns. The reader may have further ones.</param>
    /// <param name="json">Columns that come as JSON too, each with the column of its JSON.</param>
    public DuckResult(
        string id, DuckSession session, DuckDBCommand command, DuckDBDataReader reader, string sql, IReadOnlyList<string> names,
        IReadOnlyDictionary<int, int> json)
    {
        (QueryExecutionId, _session, _command, _reader, _sql) = (id, session, command, reader, sql);
        _scales = reader.FieldCount == 0 ? [] : Scales(reader.GetSchemaTable()!);
        Columns = [.. names.Select(
            (name, i) => new AthenaColumn(name, ResultTypeName.Of(DuckResultType.Of(reader.GetDataTypeName(i)))))];
        _nested = new(reader, names.Count, json);
    }

    public string QueryExecutionId { get; }

    public ImmutableArray<AthenaColumn> Columns { get; }

    public async IAsyncEnumerable<ImmutableArray<string?>> ReadRowsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        using var stop = cancellationToken.Register(_command.Cancel);
        while (Read(cancellationToken))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return [.. Enumerable.Range(0, Columns.Length).Select(i => _reader.IsDBNull(i) ? null : Text(i))];
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _reader.DisposeAsync().ConfigureAwait(false);
            await _command.DisposeAsync().ConfigureAwait(false);
        }
        finally
        {
            await _session.DisposeAsync().ConfigureAwait(false);
        }
    }

    private static int?[] Scales(DataTable schema) =>
        [.. schema.Rows.Cast<DataRow>().Select(row => row["NumericScale"] is byte scale ? scale : (int?)null)];

    /// <summary>The text of a value. Decimals are read separately: they have up to 38 digits in Athena, but 28 in .NET.</summary>
    private string Text(int column) => _reader.GetDataTypeName(column).StartsWith("Decimal", StringComparison.OrdinalIgnoreCase)
        ? AthenaText.Decimal(_reader.GetFieldValue<DuckDBDecimal>(column))
        : AthenaText.Value(_nested.ValueOf(column), Columns[column].Type, _scales[column]);

    private bool Read(CancellationToken cancellationToken)
    {
        try
        {
            return _reader.Read();
        }
        catch (DuckDBException error)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw DuckErrors.Translate(error, _sql);
        }
    }
}
