using System.Data.Common;
using System.Runtime.CompilerServices;
using Dlt.Json;
using Dlt.Tests.Support;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;

namespace Dlt.Tests.Sources.Sql;

public sealed class ReaderTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Rows_of_a_query_keep_their_types()
    {
        var account = Some.Account(_folder);
        await using var connection = new DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync(Cancellation);
        const string sql = """
            SELECT 1::BIGINT AS id, 'a "b"' AS name, 12.50::DECIMAL(10,2) AS price, 0.1::DOUBLE AS ratio, 0.1::FLOAT AS small,
                true AS ok, DATE '2024-02-29' AS "day", TIMESTAMP '2024-02-29 12:30:00.5' AS "at", 'xy'::BLOB AS bytes,
                NULL::INTEGER AS nothing, '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::UUID AS key
            """;
        await Some.Pipeline(account).RunAsync(Resource.FromReader("orders", (_, stop) => QueryAsync(connection, sql, stop)), Cancellation);
        var table = await account.Glue.GetTableAsync("ds", "orders", Cancellation);
        Assert.Equal(
            "id bigint, name string, price decimal(10,2), ratio double, small double, ok boolean, day date, at timestamp, bytes "
            + "binary, key string",
            string.Join(", ", table!.Columns.Where(c => !c.Name.StartsWith('_')).Select(c => $"{c.Name} {c.Type}")));
        var row = (await Some.QueryAsync(account, "SELECT id, name, price, ratio, small, ok, \"day\", \"at\", key FROM orders")).Rows[0];
        Assert.Equal(["1", "a \"b\"", "12.50", "0.1", "0.1", "true", "2024-02-29", "2024-02-29 12:30:00.500",
            "6ba7b810-9dad-11d1-80b4-00c04fd430c8"], row);
    }

    [Theory]
    [InlineData("UTF-8")]
    [InlineData("UTF-16")]
    public async Task Values_of_SQLite_arrive_unchanged_from_every_storage_class(string encoding)
    {
        var account = Some.Account(_folder);
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(Cancellation);
        await ExecuteAsync(connection, $"PRAGMA encoding = '{encoding}'");
        await ExecuteAsync(connection, """
            CREATE TABLE odd (id INTEGER, name TEXT, data BLOB, amount REAL);
            INSERT INTO odd VALUES
                (1, 'žluť 🐎', x'00ff', 0.1),
                (-9223372036854775808, 'a' || char(0) || 'b', x'', 9e999),
                (3, '', zeroblob(3), NULL),
                (NULL, NULL, NULL, -1e300)
            """);
        await Some.Pipeline(account)
            .RunAsync(Resource.FromReader("odd", (_, stop) => QueryAsync(connection, "SELECT * FROM odd", stop)), Cancellation);
        Assert.Equal(
            [
                ["-9223372036854775808", "a\0b", "", null],
                ["1", "žluť 🐎", "00 ff", "0.1"],
                ["3", "", "00 00 00", null],
                [null, null, null, "-1.0E300"],
            ],
            (await Some.QueryAsync(account, "SELECT id, name, data, amount FROM odd ORDER BY id")).Rows);
    }

    [Fact]
    public async Task A_column_of_SQLite_keeps_values_of_many_types()
    {
        var account = Some.Account(_folder);
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(Cancellation);
        await ExecuteAsync(connection, "CREATE TABLE mixed (id INTEGER, any_value); INSERT INTO mixed VALUES (1, 7), (2, 'seven'), "
            + "(3, 7.5), (4, CAST(x'ff61' AS TEXT)), (5, NULL), (6, 8)");
        await Some.Pipeline(account)
            .RunAsync(Resource.FromReader("mixed", (_, stop) => QueryAsync(connection, "SELECT * FROM mixed", stop)), Cancellation);
        Assert.Equal(
            [
                ["1", "7", null, null],
                ["2", null, "seven", null],
                ["3", null, null, "7.5"],
                ["4", null, "\ufffda", null],
                ["5", null, null, null],
                ["6", "8", null, null],
            ],
            (await Some.QueryAsync(account, "SELECT id, any_value, any_value__v_text, any_value__v_double FROM mixed ORDER BY id"))
                .Rows);
    }

    [Fact]
    public async Task Lists_structs_and_values_of_a_databases_own_types_arrive_and_every_value_is_read_once()
    {
        var account = Some.Account(_folder);
        await using var connection = new DuckDBConnection("DataSource=:memory:");
        await connection.OpenAsync(Cancellation);
        const string sql = "SELECT i AS id, CASE WHEN i = 2 THEN NULL ELSE [i, i * 10] END AS list, {'a': i, 'b': 'x' || i} AS s, "
            + "INTERVAL (i) DAY AS own, ('b' || i)::BLOB AS bytes FROM range(3) t(i) ORDER BY i";
        await Some.Pipeline(account)
            .RunAsync(Resource.FromReader("things", async (_, stop) => new OnceReader(await QueryAsync(connection, sql, stop))),
            Cancellation);
        Assert.Equal([["0", "0", "x0"], ["1", "1", "x1"], ["2", "2", "x2"]],
            (await Some.QueryAsync(account, "SELECT id, s__a, s__b FROM things ORDER BY id")).Rows);
        Assert.Equal("0,0,1,10", await Some.ValueAsync(account, "SELECT string_agg(value, ',' ORDER BY value) FROM things__list"));
        Assert.Equal("3", await Some.ValueAsync(account, "SELECT count(DISTINCT bytes) FROM things"));
    }

    [Fact]
    public async Task A_query_is_asked_for_new_rows_only()
    {
        var account = Some.Account(_folder);
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(Cancellation);
        await ExecuteAsync(connection, "CREATE TABLE orders (id INTEGER PRIMARY KEY, total REAL); INSERT INTO orders VALUES (1, 1.5), "
            + "(2, 2.0), (3, NULL)");
        var asked = new List<string>();
        var orders = Resource.FromReader("orders", (context, stop) =>
        {
            asked.Add($"SELECT * FROM orders WHERE id >= {context.Cursor!.LastValue}");
            return QueryAsync(connection, asked[^1], stop);
        }, new ResourceHints { PrimaryKey = ["id"], Incremental = new("id") { InitialValue = 0 } });
        await Some.Pipeline(account).RunAsync(orders, Cancellation);
        await ExecuteAsync(connection, "INSERT INTO orders VALUES (4, 4.25)");
        var info = await Some.Pipeline(account).RunAsync(orders, Cancellation);
        Assert.Equal(["SELECT * FROM orders WHERE id >= 0", "SELECT * FROM orders WHERE id >= 3"], asked);
        Assert.Equal(1, info.RowCounts["orders"]);
        Assert.Equal(["4", "7.75"], (await Some.QueryAsync(account, "SELECT count(*), sum(total) FROM orders")).Rows[0]);
    }

    [Fact]
    public async Task Rows_of_many_batches_pass_a_cursor_once_and_rows_at_its_last_value_are_distinguished()
    {
        var account = Some.Account(_folder);
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(Cancellation);
        await ExecuteAsync(connection, "CREATE TABLE log AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < "
            + "40000) SELECT i / 10 AS day, i, 'text ' || i AS note FROM n");
        var log = Resource.FromReader(
            "log", (_, stop) => QueryAsync(connection, "SELECT * FROM log", stop), new ResourceHints { Incremental = new("day") });
        await Some.Pipeline(account).RunAsync(log, Cancellation);
        await ExecuteAsync(connection, "INSERT INTO log VALUES (4000, 40000, 'text 40000'), (4000, 40001, 'new'), (3999, 1, 'too "
            + "late'), (4001, 40002, 'new')");
        var info = await Some.Pipeline(account).RunAsync(log, Cancellation);
        Assert.Equal(2, info.RowCounts["log"]);
        var counts = await Some.QueryAsync(account, "SELECT count(*), count(DISTINCT i) FROM log");
        Assert.Equal(["40002", "40002"], counts.Rows[0]);
    }

    [Fact]
    public async Task Transformers_and_limits_see_the_rows()
    {
        var account = Some.Account(_folder);
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(Cancellation);
        const string sql = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 30000) SELECT i, "
            + "printf('%100d', i) AS text FROM n";
        var rows = Resource.FromReader("numbers", (_, stop) => QueryAsync(connection, sql, stop)).WithLimit(1, countRows: true);
        await Some.Pipeline(account)
            .RunAsync([rows, rows.Transform<JsonValue, object>("squares", (row, _, stop) => SquareAsync(row["i"]!.AsInt64(), stop))],
            Cancellation);
        var loaded = long.Parse(
            (await Some.ValueAsync(account, "SELECT count(*) FROM numbers"))!, System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(loaded, 1, 29_999);   // a page is never cut
        Assert.Equal($"{loaded}", await Some.ValueAsync(account, "SELECT count(*) FROM squares s JOIN numbers n ON s.square = n.i * n.i"));
    }

    [Fact]
    public async Task A_query_that_fails_is_named_by_its_resource()
    {
        var account = Some.Account(_folder);
        await using var connection = new SqliteConnection("Data Source=:memory:");
        await connection.OpenAsync(Cancellation);
        var error = await Assert.ThrowsAsync<DltException>(() => Some.Pipeline(account)
            .RunAsync(Resource.FromReader("orders", (_, stop) => QueryAsync(connection, "SELECT * FROM nowhere", stop)), Cancellation));
        Assert.Contains("'orders'", error.Message, StringComparison.Ordinal);
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A reader that returns each value of a row once, as with SequentialAccess.</summary>
    private sealed class OnceReader(DbDataReader inner) : DbDataReader
    {
        private bool _isRead;

        public override int FieldCount => inner.FieldCount;

        public override bool HasRows => inner.HasRows;

        public override bool IsClosed => inner.IsClosed;

        public override int Depth => 0;

        public override int RecordsAffected => -1;

        public override object this[int ordinal] => throw new InvalidOperationException();

        public override object this[string name] => throw new InvalidOperationException();

        public override bool Read()
        {
            _isRead = false;
            return inner.Read();
        }

        public override int GetValues(object[] values)
        {
            Assert.False(_isRead, "The row was read twice.");
            _isRead = true;
            return inner.GetValues(values);
        }

        public override string GetName(int ordinal) => inner.GetName(ordinal);

        public override object GetValue(int ordinal) => throw new InvalidOperationException();

        public override bool NextResult() => false;

        public override System.Collections.IEnumerator GetEnumerator() => throw new InvalidOperationException();

        public override string GetDataTypeName(int ordinal) => inner.GetDataTypeName(ordinal);

        public override Type GetFieldType(int ordinal) => inner.GetFieldType(ordinal);

        public override int GetOrdinal(string name) => inner.GetOrdinal(name);

        public override bool IsDBNull(int ordinal) => throw new InvalidOperationException();

        public override bool GetBoolean(int ordinal) => throw new InvalidOperationException();

        public override byte GetByte(int ordinal) => throw new InvalidOperationException();

        public override long GetBytes(int ordinal, long dataOffset, byte[]? buffer, int bufferOffset, int length) =>
            throw new InvalidOperationException();

        public override char GetChar(int ordinal) => throw new InvalidOperationException();

        public override long GetChars(int ordinal, long dataOffset, char[]? buffer, int bufferOffset, int length) =>
            throw new InvalidOperationException();

        public override DateTime GetDateTime(int ordinal) => throw new InvalidOperationException();

        public override decimal GetDecimal(int ordinal) => throw new InvalidOperationException();

        public override double GetDouble(int ordinal) => throw new InvalidOperationException();

        public override float GetFloat(int ordinal) => throw new InvalidOperationException();

        public override Guid GetGuid(int ordinal) => throw new InvalidOperationException();

        public override short GetInt16(int ordinal) => throw new InvalidOperationException();

        public override int GetInt32(int ordinal) => throw new InvalidOperationException();

        public override long GetInt64(int ordinal) => throw new InvalidOperationException();

        public override string GetString(int ordinal) => throw new InvalidOperationException();
    }

    private static async IAsyncEnumerable<object> SquareAsync(long number, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        cancellationToken.ThrowIfCancellationRequested();
        yield return new { square = number * number };
    }

    private static async Task<DbDataReader> QueryAsync(DbConnection connection, string sql, CancellationToken cancellationToken)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteReaderAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
