using System.Collections.Immutable;
using Dlt.Lake;

namespace Dlt.Tests.Core.Lake;

/// <summary>
/// The contract that every Athena fulfils. The local Athena runs the SQL; the client of AWS gets the documented answer of the service
/// (docs/spec/aws-apis.md 2.6).
/// </summary>
public abstract class AthenaContract
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_select_gives_columns_with_types_and_rows_in_order()
    {
        await using var athena =
            await OpenAsync(new AthenaAnswer([new("id", "integer"), new("name", "varchar")], [["1", "one"], ["2", null], ["3", ""]]));
        var (columns, rows, _) = await RunAsync(
            athena, "SELECT * FROM (VALUES (1, 'one'), (2, NULL), (3, '')) AS t (id, name) ORDER BY id");
        Assert.Equal([new AthenaColumn("id", "integer"), new AthenaColumn("name", "varchar")], columns);
        Assert.Equal([["1", "one"], ["2", null], ["3", ""]], rows);
    }

    [Fact]
    public async Task Values_are_the_texts_that_Athena_prints()
    {
        await using var athena = await OpenAsync(new AthenaAnswer(
            [
                new("b", "boolean"),
                new("i", "bigint"),
                new("d", "double"),
                new("big", "double"),
                new("n", "decimal"),
                new("wide", "decimal"),
                new("day", "date"),
                new("t", "timestamp"),
            ],
            [["true", "9223372036854775807", "0.1", "1.0E10", "1.50", "1.500000000", "2024-02-29", "2024-02-29 12:30:00.500"]]));
        var (columns, rows, _) = await RunAsync(
            athena,
            "SELECT true AS b, CAST(9223372036854775807 AS bigint) AS i, CAST(0.1 AS double) AS d, CAST(1e10 AS double) AS big, "
            + "CAST(1.5 AS decimal(10,2)) AS n, CAST(1.5 AS decimal(38,9)) AS wide, DATE '2024-02-29' AS day, TIMESTAMP '2024-02-29 "
            + "12:30:00.500' AS t");
        Assert.Equal(["boolean", "bigint", "double", "double", "decimal", "decimal", "date", "timestamp"], columns.Select(c => c.Type));
        Assert.Equal(["true", "9223372036854775807", "0.1", "1.0E10", "1.50", "1.500000000", "2024-02-29", "2024-02-29 12:30:00.500"],
            Assert.Single(rows));
    }

    [Fact]
    public async Task A_select_without_rows_still_has_columns()
    {
        await using var athena = await OpenAsync(new AthenaAnswer([new("id", "integer")], []));
        var (columns, rows, _) = await RunAsync(athena, "SELECT id FROM (VALUES (1)) AS t (id) WHERE id > 1");
        Assert.Equal([new AthenaColumn("id", "integer")], columns);
        Assert.Empty(rows);
    }

    [Fact]
    public async Task A_row_that_repeats_the_name_of_its_column_is_a_row()
    {
        await using var athena = await OpenAsync(new AthenaAnswer([new("name", "varchar")], [["name"], ["name"]]));
        var (_, rows, _) = await RunAsync(athena, "SELECT * FROM (VALUES ('name'), ('name')) AS t (name)");
        Assert.Equal([["name"], ["name"]], rows);
    }

    [Fact]
    public async Task Rows_beyond_a_page_of_a_thousand_come_too()
    {
        await using var athena =
            await OpenAsync(new AthenaAnswer([new("n", "bigint")], [.. Enumerable.Range(0, 2500).Select(n => new[] { $"{n}" })]));
        var (_, rows, _) = await RunAsync(athena, "SELECT CAST(n AS bigint) AS n FROM generate_series(0, 2499) AS t (n) ORDER BY n");
        Assert.Equal(Enumerable.Range(0, 2500).Select(n => $"{n}"), rows.Select(r => r[0]));
    }

    [Fact]
    public async Task Every_query_has_an_id_of_its_own()
    {
        await using var athena = await OpenAsync(new AthenaAnswer([new("one", "integer")], [["1"]]));
        var (_, _, first) = await RunAsync(athena, "SELECT 1 AS one");
        var (_, _, second) = await RunAsync(athena, "SELECT 1 AS one");
        Assert.NotEmpty(first);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task An_unknown_table_is_named_with_its_place()
    {
        await using var athena =
            await OpenAsync(new AthenaAnswer("TABLE_NOT_FOUND: line 2:6: Table 'awsdatacatalog.ds.nowhere' does not exist"));
        var error = await Assert.ThrowsAsync<AthenaQueryException>(() => RunAsync(athena, "SELECT *\nFROM nowhere"));
        Assert.Equal("TABLE_NOT_FOUND", error.ErrorName);
        Assert.Equal((2, 6), (error.Line, error.Column));
        Assert.Contains("nowhere", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_of_syntax_has_its_name_and_place()
    {
        await using var athena = await OpenAsync(new AthenaAnswer("SYNTAX_ERROR: line 1:1: mismatched input 'SELEC'. Expecting: "
            + "'ALTER', 'SELECT', <query>"));
        var error = await Assert.ThrowsAsync<AthenaQueryException>(() => RunAsync(athena, "SELEC 1"));
        Assert.Equal("SYNTAX_ERROR", error.ErrorName);
        Assert.Equal((1, 1), (error.Line, error.Column));
    }

    [Fact]
    public async Task A_query_that_is_no_longer_wanted_ends()
    {
        await using var athena = await OpenAsync(AthenaAnswer.Never);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        stop.CancelAfter(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await using var result =
                await athena.Value.ExecuteAsync(new("SELECT count(*) FROM generate_series(1, 100000000000) AS a (n)"), stop.Token);
            await foreach (var row in result.ReadRowsAsync(stop.Token)) Assert.Fail($"There is a row: {row[0]}");
        });
    }

    [Fact]
    public async Task A_query_is_started_ends_and_is_read()
    {
        await using var athena = await OpenAsync(new AthenaAnswer([new("one", "integer")], [["1"]]));
        var id = await athena.Value.StartAsync(new("SELECT 1 AS one", "ds"), Cancellation);
        await athena.Value.WaitAsync(id, Cancellation);
        await athena.Value.WaitAsync(id, Cancellation);
        await using var result = await athena.Value.OpenResultAsync(id, Cancellation);
        Assert.Equal(id, result.QueryExecutionId);
        Assert.Equal("1", (await QueryTable.ReadAsync(result, Cancellation)).Rows[0][0]);
    }

    [Fact]
    public async Task The_error_of_a_started_query_is_known_when_it_has_ended()
    {
        await using var athena = await OpenAsync(new AthenaAnswer("TABLE_NOT_FOUND: line 1:15: Table 'nowhere' does not exist"));
        var id = await athena.Value.StartAsync(new("SELECT * FROM nowhere", "ds"), Cancellation);
        var error = await Assert.ThrowsAsync<AthenaQueryException>(() => athena.Value.WaitAsync(id, Cancellation));
        Assert.Equal("TABLE_NOT_FOUND", error.ErrorName);
    }

    [Fact]
    public async Task A_query_that_runs_has_no_result_and_can_be_stopped()
    {
        await using var athena = await OpenAsync(AthenaAnswer.Never);
        var id = await athena.Value.StartAsync(new("SELECT count(*) FROM generate_series(1, 100000000000) AS a (n)"), Cancellation);
        var early = await Assert.ThrowsAsync<AthenaQueryException>(() => athena.Value.OpenResultAsync(id, Cancellation));
        Assert.Contains("has not yet finished", early.Message, StringComparison.Ordinal);
        await athena.Value.StopAsync(id, Cancellation);
        await Assert.ThrowsAsync<AthenaQueryException>(() => athena.Value.WaitAsync(id, Cancellation));
    }

    [Fact]
    public async Task A_query_that_nobody_started_is_not_found()
    {
        await using var athena = await OpenAsync(new AthenaAnswer([new("one", "integer")], [["1"]]));
        const string id = "00000000-0000-0000-0000-000000000000";
        var error = await Assert.ThrowsAsync<AthenaQueryException>(() => athena.Value.WaitAsync(id, Cancellation));
        Assert.Contains($"QueryExecution {id} was not found", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<AthenaQueryException>(() => athena.Value.OpenResultAsync(id, Cancellation));
    }

    /// <param name="answer">The answer of the service; the local Athena ignores it and runs the query.</param>
    private protected abstract Task<OpenAthena> OpenAsync(AthenaAnswer answer);

    private static async Task<(ImmutableArray<AthenaColumn> Columns, List<ImmutableArray<string?>> Rows, string Id)> RunAsync(
        OpenAthena athena, string sql)
    {
        await using var result = await athena.Value.ExecuteAsync(new(sql, "ds"), Cancellation);
        var rows = await result.ReadRowsAsync(Cancellation).ToListAsync(Cancellation);
        return (result.Columns, rows, result.QueryExecutionId);
    }
}

/// <summary>An Athena with the resources to dispose after the test.</summary>
internal sealed record OpenAthena(IAthena Value, params IEnumerable<IAsyncDisposable> Owned) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Owned) await owned.DisposeAsync();
    }
}

/// <summary>The answer of the service to a query: rows, a failure with its reason, or nothing for a long time.</summary>
internal sealed record AthenaAnswer(ImmutableArray<AthenaColumn> Columns, string?[][] Rows)
{
    public AthenaAnswer(string reason) : this([], []) => Reason = reason;

    public static AthenaAnswer Never { get; } = new([], []) { IsRunning = true };

    public string? Reason { get; }

    public bool IsRunning { get; private init; }
}
