using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Schemas;
using Dlt.Tests.Support;

namespace Dlt.Tests.Sources;

/// <summary>Times of day, and times that no column of Athena holds, cost no load: they become text.</summary>
public sealed class TimeValueTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("TIME '12:34:56'", "12:34:56")]
    [InlineData("TIME '12:34:56.789'", "12:34:56.789000")]
    [InlineData("TIMESTAMP 'infinity'", "+294247-01-10T04:00:54.775807")]
    [InlineData("TIMESTAMP '0044-03-15 (BC) 10:00:00'", "-0043-03-15T10:00:00")]
    [InlineData("DATE '0044-03-15 (BC)'", "-0043-03-15")]
    [InlineData("DATE '0001-12-31 (BC)'", "0000-12-31")]
    [InlineData("DATE '10000-01-01'", "+10000-01-01")]
    [InlineData("DATE '5000000-02-29'", "+5000000-02-29")]
    [InlineData("TIMESTAMPTZ '10000-02-29 23:59:59.5+00'", "+10000-02-29T23:59:59.500000+00:00")]
    public async Task A_value_that_no_column_holds_is_loaded_as_its_text(string value, string text)
    {
        var file = _folder.File("values.parquet");
        Duck.Execute($"SET TimeZone='UTC'; COPY (SELECT 1 AS id, {value} AS v) TO '{file}' (FORMAT parquet)");
        var account = Some.Account(_folder);
        var warnings = new List<string>();
        await Some.Pipeline(account, warnings: warnings).RunAsync(FileResource.Create("items", file), Cancellation);
        Assert.Equal(text, await Some.ValueAsync(account, "SELECT v FROM items"));
        Assert.Empty(warnings);
    }

    [Theory, InlineData(""), InlineData("iceberg")]
    public async Task One_value_beyond_its_column_costs_that_value_only(string format)
    {
        var file = _folder.File("values.parquet");
        Duck.Execute($"COPY (SELECT * FROM (VALUES (1, TIMESTAMP '2024-01-02 03:04:05'), (2, TIMESTAMP 'infinity'), (3, NULL)) t(id, "
            + $"v)) TO '{file}' (FORMAT parquet)");
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(FileResource.Create("items", file,
            new() { TableFormat = format.Length > 0 ? format : null }), Cancellation);
        Assert.Equal("3", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT id FROM items WHERE v = TIMESTAMP '2024-01-02 03:04:05'"));
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT id FROM items WHERE v__v_text = '+294247-01-10T04:00:54.775807'"));
    }

    [Fact]
    public async Task A_time_of_day_is_text_beside_other_times_and_from_records()
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(Resource.Create("items",
            [new { Id = 1, Clock = new TimeOnly(7, 8, 9) }, new { Id = 2, Clock = new TimeOnly(23, 0) }]), Cancellation);
        await Some.Pipeline(account).RunAsync(Resource.Create("items", [new { Id = 3, Clock = "later" }]), Cancellation);
        var rows = await Some.QueryAsync(account, "SELECT clock FROM items ORDER BY id");
        Assert.Equal(["07:08:09", "23:00:00", "later"], rows.Rows.Select(r => r[0]));
    }

    [Fact]
    public async Task A_column_of_times_in_an_Arrow_table_is_refused_while_it_is_extracted_and_loaded_when_it_is_declared_as_text()
    {
        var account = Some.Account(_folder);
        Resource Times(ResourceHints? hints = null) => Resource.Create("items", Batches(), hints);
        var error = await Assert.ThrowsAsync<SchemaException>(() => Some.Pipeline(account).RunAsync(Times(), Cancellation));
        Assert.Contains("Column.Text(\"t\")", error.Message, StringComparison.Ordinal);
        Assert.Empty(new Dlt.Packages.WorkingFolder(Path.Combine(account.PipelinesFolder, "pipe")).Pending);
        await Some.Pipeline(account).RunAsync(Times(new() { Columns = [Column.Text("t")] }), Cancellation);
        Assert.Equal("00:00:01", await Some.ValueAsync(account, "SELECT t FROM items"));
    }

    private static async IAsyncEnumerable<RecordBatch> Batches()
    {
        await Task.CompletedTask;
        var times = new Time64Array.Builder(TimeUnit.Microsecond).Append(1_000_000).Build();
        yield return new(new Apache.Arrow.Schema([new Field("t", new Time64Type(TimeUnit.Microsecond), true)], null), [times], 1);
    }
}
