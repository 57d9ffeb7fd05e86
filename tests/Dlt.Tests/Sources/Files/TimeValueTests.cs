using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Schemas;
using Dlt.Tests.Support;

namespace Dlt.Tests.Sources.Files;

/// <summary>Times of day, and times outside the range of Athena, never fail a load: they become text.</summary>
public sealed class TimeValueTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("TIME '12:34:56'", "12:34:56")]
    [InlineData("TIME '12:34:56.789'", "12:34:56.789000")]
    public async Task A_time_of_day_is_loaded_as_its_text(string value, string text)
    {
        var account = Some.Account(_folder);
        var warnings = new List<string>();
        await Some.Pipeline(account, warnings: warnings).RunAsync(Parquet($"SELECT 1 AS id, {value} AS v"), Cancellation);
        Assert.Equal(text, await Some.ValueAsync(account, "SELECT v FROM items"));
        Assert.Empty(warnings);
    }

    [Theory]
    [InlineData("TIMESTAMP 'infinity'", "+294247-01-10T04:00:54.775807")]
    [InlineData("TIMESTAMP '0044-03-15 (BC) 10:00:00'", "-0043-03-15T10:00:00")]
    [InlineData("DATE '0044-03-15 (BC)'", "-0043-03-15")]
    [InlineData("DATE '0001-12-31 (BC)'", "0000-12-31")]
    [InlineData("DATE '10000-01-01'", "+10000-01-01")]
    [InlineData("DATE '5000000-02-29'", "+5000000-02-29")]
    [InlineData("TIMESTAMPTZ '10000-02-29 23:59:59.5+00'", "+10000-02-29T23:59:59.500000+00:00")]
    public async Task A_column_with_only_values_outside_the_years_of_Athena_is_text(string value, string text)
    {
        var account = Some.Account(_folder);
        var warnings = new List<string>();
        await Some.Pipeline(account, warnings: warnings).RunAsync(
            Parquet($"SELECT id, {value} AS v FROM range(3) ids(id)"), Cancellation);
        Assert.Equal([text, text, text], (await Some.QueryAsync(account, "SELECT v__v_text FROM items")).Rows.Select(r => r[0]));
        Assert.Equal("id bigint, v__v_text string", await TypesAsync(account, "items"));
        Assert.Empty(warnings);
        await Some.Pipeline(account).RunAsync(Parquet("SELECT 4 AS id, TIMESTAMP '2024-01-02 03:04:05' AS v"), Cancellation);
        Assert.Equal("4", await Some.ValueAsync(account, "SELECT id FROM items WHERE v = TIMESTAMP '2024-01-02 03:04:05'"));
    }

    /// <summary>The far value is the first of all, the second, the last, or the first of a second file.</summary>
    [Theory]
    [InlineData("TIMESTAMP", "'infinity'", "'2024-01-02 03:04:05'", "timestamp")]
    [InlineData("TIMESTAMP_S", "'0044-03-15 (BC) 10:00:00'", "'2024-01-02 03:04:05'", "timestamp")]
    [InlineData("TIMESTAMP_MS", "'12024-03-15 10:00:00'", "'2024-01-02 03:04:05'", "timestamp")]
    [InlineData("TIMESTAMPTZ", "'infinity'", "'2024-01-02 03:04:05+00'", "timestamp")]
    [InlineData("DATE", "'0044-03-15 (BC)'", "'2024-01-02'", "date")]
    public async Task A_column_has_the_type_of_its_file_wherever_a_value_does_not_fit(
        string type, string far, string near, string expected)
    {
        HashSet<string> outcomes = [];
        foreach (var place in new[] { 0, 1, 4 })
        {
            using var folder = new TempFolder();
            var account = Some.Account(folder);
            var values = Enumerable.Range(0, 5).Select(i => $"({(i == place ? 9 : 1)}, {type} {(i == place ? far : near)})");
            await Some.Pipeline(account).RunAsync(
                Parquet($"SELECT * FROM (VALUES {string.Join(", ", values)}) t(id, v)"), Cancellation);
            Assert.Equal($"id bigint, v {expected}, v__v_text string", await TypesAsync(account, "items"));
            var rows = await Some.QueryAsync(account, "SELECT id, v, v__v_text FROM items ORDER BY id");
            Assert.Equal(4, rows.Rows.Count(r => r[1] is not null && r[2] is null));
            outcomes.Add(string.Join('\n', rows.Rows.Select(r => string.Join(", ", r))));
        }

        Assert.Single(outcomes);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_far_value_in_a_struct_and_in_a_list_decides_no_type_either(bool isFirst)
    {
        var account = Some.Account(_folder);
        string[] rows =
        [
            "(9, {'at': DATE '0044-03-15 (BC)'}, [TIMESTAMP 'infinity'], [{'on': DATE '0044-03-15 (BC)'}])",
            "(1, {'at': DATE '2024-01-02'}, [TIMESTAMP '2024-01-02 03:04:05'], [{'on': DATE '2024-01-02'}])",
        ];
        if (!isFirst) System.Array.Reverse(rows);
        await Some.Pipeline(account).RunAsync(
            Parquet($"SELECT * FROM (VALUES {string.Join(", ", rows)}) t(id, s, times, parts)"), Cancellation);
        Assert.Equal("id bigint, s__at date, s__at__v_text string", await TypesAsync(account, "items"));
        Assert.Equal("value timestamp, value__v_text string", await TypesAsync(account, "items__times"));
        Assert.Equal("on date, on__v_text string", await TypesAsync(account, "items__parts"));
        Assert.Equal("9", await Some.ValueAsync(account, "SELECT id FROM items WHERE s__at__v_text = '-0043-03-15'"));
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT id FROM items WHERE s__at = DATE '2024-01-02'"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_far_value_in_a_native_column_decides_no_type_either(bool isFirst)
    {
        var account = Some.Account(_folder);
        string[] rows =
        [
            "(9, {'at': [TIMESTAMP 'infinity'], 'n': 1})",
            "(1, {'at': [TIMESTAMP '2024-01-02 03:04:05'], 'n': 2})",
        ];
        if (!isFirst) System.Array.Reverse(rows);
        await Some.Pipeline(account).RunAsync(Parquet(
            $"SELECT * FROM (VALUES {string.Join(", ", rows)}) t(id, s)", new() { NestedAs = NestedAs.Columns }), Cancellation);
        Assert.Equal("id bigint, s struct<at:array<timestamp>,n:bigint>, s__v_json string", await TypesAsync(account, "items"));
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT id FROM items WHERE s.at[1] = TIMESTAMP '2024-01-02 03:04:05'"));
        Assert.Equal("9", await Some.ValueAsync(account, "SELECT id FROM items WHERE s__v_json LIKE '%+294247-01-10T04:00:54.775807%'"));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_far_value_of_a_batch_goes_to_the_variant_whatever_the_order(bool isItem, bool isFirst)
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(isItem
            ? Resource.FromBatches("items", (_, _) => Days(isFirst))
            : Resource.Create("items", Days(isFirst)), Cancellation);
        Assert.Equal("d date, d__v_text string", await TypesAsync(account, "items"));
        var rows = await Some.QueryAsync(account, "SELECT d, d__v_text FROM items ORDER BY d");
        Assert.Equal([["2024-01-02", null], [null, "+10000-01-01"]], rows.Rows);
    }

    [Fact]
    public async Task A_declared_text_takes_far_values_and_near_ones()
    {
        var account = Some.Account(_folder);
        var rows = "SELECT * FROM (VALUES (1, DATE '0044-03-15 (BC)'), (2, DATE '2024-01-02')) t(id, v)";
        await Some.Pipeline(account).RunAsync(Parquet(rows, new() { Columns = [Column.Text("v")] }), Cancellation);
        Assert.Equal("id bigint, v string", await TypesAsync(account, "items"));
        var texts = (await Some.QueryAsync(account, "SELECT v FROM items ORDER BY id")).Rows.Select(r => r[0]);
        Assert.Equal(["-0043-03-15", "2024-01-02"], texts);
    }

    [Theory, InlineData(""), InlineData("iceberg")]
    public async Task One_value_beyond_its_column_costs_that_value_only(string format)
    {
        var file = _folder.File("values.parquet");
        Duck.Execute($"COPY (SELECT * FROM (VALUES (1, TIMESTAMP '2024-01-02 03:04:05'), (2, TIMESTAMP 'infinity'), (3, NULL)) t(id, "
            + $"v)) TO '{file}' (FORMAT parquet)");
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(FileResource.Create("items", file,
            new() { TableFormat = Some.Format(format) }), Cancellation);
        Assert.Equal("3", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
        Assert.Equal("1", await Some.ValueAsync(account, "SELECT id FROM items WHERE v = TIMESTAMP '2024-01-02 03:04:05'"));
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT id FROM items WHERE v__v_text = '+294247-01-10T04:00:54.775807'"));
    }

    [Fact]
    public async Task A_time_of_day_is_text_among_other_times_and_from_records()
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

    private static async IAsyncEnumerable<RecordBatch> Days(bool isFarFirst)
    {
        await Task.CompletedTask;
        int far = 2_932_897, near = 19_724;   // 10000-01-01, 2024-01-02
        int[] values = isFarFirst ? [far, near] : [near, far];
        var days = new Date32Array(new ArrowBuffer(System.Runtime.InteropServices.MemoryMarshal.AsBytes<int>(values).ToArray()),
            ArrowBuffer.Empty, 2, 0, 0);
        yield return new(new Apache.Arrow.Schema([new Field("d", Date32Type.Default, true)], null), [days], 2);
    }

    private static async Task<string> TypesAsync(LocalAthena account, string table)
    {
        var found = await account.Glue.GetTableAsync("ds", table, Cancellation);
        return string.Join(", ", found!.Columns.Where(c => !c.Name.StartsWith("_dlt", StringComparison.Ordinal))
            .Select(c => $"{c.Name} {c.Type}").Order(StringComparer.Ordinal));
    }

    private Resource Parquet(string query, ResourceHints? hints = null)
    {
        var file = _folder.File($"{Guid.NewGuid():N}.parquet");
        Duck.Execute($"SET TimeZone='UTC'; COPY ({query}) TO '{file}' (FORMAT parquet)");
        return FileResource.Create("items", file, hints);
    }

    private static async IAsyncEnumerable<RecordBatch> Batches()
    {
        await Task.CompletedTask;
        var times = new Time64Array.Builder(TimeUnit.Microsecond).Append(1_000_000).Build();
        yield return new(new Apache.Arrow.Schema([new Field("t", new Time64Type(TimeUnit.Microsecond), true)], null), [times], 1);
    }
}
