using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Json;
using Dlt.Normalize.Contracts;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Extract;

public sealed class ArrowTableTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact, Scenario("T-28")]
    public async Task Columns_are_taken_over_without_keys_and_nested_ones_are_json()
    {
        var account = Some.Account(_folder);
        var structType = new StructType([new Field("a", Int32Type.Default, true)]);
        await LoadAsync(account, Table(
            ("Id", new Int32Array.Builder().Append(1).AppendNull().Build()),
            ("small", new HalfFloatArray.Builder().Append((Half)1.5).Append((Half)2.5).Build()),
            ("nothing", new NullArray(2)),
            ("st", new StructArray(structType, 2, [new Int32Array.Builder().Append(7).AppendNull().Build()], ArrowBuffer.Empty)),
            ("bytes", new BinaryArray.Builder().Append(ReadOnlySpan<byte>.Empty).AppendNull().Build()),
            ("ns", new TimestampArray.Builder(new TimestampType(TimeUnit.Nanosecond, "UTC"))
                .Append(DateTimeOffset.UnixEpoch.AddTicks(12_345_671)).AppendNull().Build())));
        Assert.Equal("id int, small double, st string, bytes binary, ns timestamp", await ColumnsAsync(account));
        Assert.Equal(
            ["2", "1", "4.0", "{\"a\":7}", "1", "1970-01-01 00:00:01.234567"],
            (await Some.QueryAsync(account, "SELECT count(*), sum(id), sum(small), min(st), sum(CASE WHEN octet_length(bytes) = 0 "
                + "THEN 1 ELSE 0 END), max(ns) FROM items")).Rows[0]);
    }

    [Fact]
    public async Task A_value_that_its_column_cannot_hold_goes_to_a_variant()
    {
        var account = Some.Account(_folder);
        await LoadAsync(account, Table(("v", new Int8Array.Builder().Append(1).Build())));
        await LoadAsync(account, Table(("v", new Int64Array.Builder().Append(2).Append(1L << 40).Build())));
        await LoadAsync(account, Table(("v", new StringArray.Builder().Append("x").AppendNull().Build())));
        Assert.Equal("v tinyint, v__v_bigint bigint, v__v_text string", await ColumnsAsync(account));
        Assert.Equal(["5", "3", $"{1L << 40}", "x"], (await Some.QueryAsync(account, "SELECT count(*), sum(v), sum(v__v_bigint), "
            + "max(v__v_text) FROM items")).Rows[0]);
    }

    [Fact]
    public async Task Tables_with_times_of_different_units_keep_every_time()
    {
        var account = Some.Account(_folder);
        var time = new DateTimeOffset(2024, 1, 2, 3, 4, 5, 678, 901, TimeSpan.Zero);
        // Neighbours and every second one differ, so each of two workers sees both units.
        var tables = Enumerable.Range(0, 12)
            .Select(i => i % 4 is 0 or 3 ? TimeUnit.Millisecond : TimeUnit.Microsecond)
            .Select(unit => Table(("at", new TimestampArray.Builder(new TimestampType(unit, (string?)null)).Append(time).Build())));
        await Some.Pipeline(account).RunAsync(Resource.Create("items", tables.ToArray()), Cancellation);
        Assert.Equal(
            [["2024-01-02 03:04:05.678", "6"], ["2024-01-02 03:04:05.678901", "6"]],
            (await Some.QueryAsync(account, "SELECT \"at\", count(*) FROM items GROUP BY 1 ORDER BY 1")).Rows);
    }

    [Fact]
    public async Task Several_Arrow_resources_of_one_table_give_one_schema_whichever_is_faster()
    {
        var results = new List<(string? Hash, string Columns, string Resource, string? Sum)>();
        foreach (var isNorthFirst in new[] { true, false, true })
        {
            using var folder = new TempFolder();
            var account = Some.Account(folder);
            var isFirstDone = new TaskCompletionSource();
            var north = Table(("sku", new Int64Array.Builder().Append(1).Build()), ("qty", new Int64Array.Builder().Append(2).Build()));
            var south = Table(
                ("sku", new Int32Array.Builder().Append(1).Build()), ("price", new DoubleArray.Builder().Append(0.5).Build()));
            await Some.Pipeline(account).RunAsync(
                new Source("s", [Of("north", north, waits: !isNorthFirst), Of("south", south, waits: isNorthFirst)]), Cancellation);
            var version = (await Some.QueryAsync(account, "SELECT version_hash, schema FROM _dlt_version")).Rows[0];
            var resource = JsonParser.Parse(version[1]!)["tables"]!["sales"]!["resource"]!.AsString();
            var sum = await Some.ValueAsync(account, "SELECT sum(sku) FROM sales");
            results.Add((version[0], await ColumnsAsync(account, "sales"), resource, sum));

            Resource Of(string name, RecordBatch batch, bool waits) =>
                Resource.Create(name, (_, _) => Batches(batch, waits), new() { TableName = "sales" });

            async IAsyncEnumerable<RecordBatch> Batches(RecordBatch batch, bool waits)
            {
                if (waits) await isFirstDone.Task;
                yield return batch;
                isFirstDone.TrySetResult();
            }
        }

        var result = Assert.Single(results.Distinct());
        Assert.Equal("sku bigint, qty bigint, price double", result.Columns);
        Assert.Equal("south", result.Resource);
        Assert.Equal("2", result.Sum);
    }

    [Theory]
    [InlineData("freeze", "", "")]
    [InlineData("discard_value", "id bigint", "3")]
    [InlineData("discard_row", "id bigint", "2")]
    [InlineData("evolve", "id bigint, b bigint", "3")]
    public async Task Contracts_hold_for_new_columns(string mode, string columns, string rows)
    {
        var account = Some.Account(_folder);
        await LoadAsync(account, Table(("id", new Int64Array.Builder().Append(1).Build())));
        var hints = new ResourceHints { SchemaContract = new() { Columns = ContractModes.Parse(mode) } };
        var table = Table(
            ("id", new Int64Array.Builder().Append(2).Append(3).Build()), ("b", new Int64Array.Builder().AppendNull().Append(5).Build()));
        if (mode == "freeze")
        {
            await Assert.ThrowsAsync<SchemaContractException>(() => LoadAsync(account, table, hints));
            return;
        }

        await LoadAsync(account, table, hints);
        Assert.Equal(columns, await ColumnsAsync(account));
        Assert.Equal(rows, await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Fact]
    public async Task A_type_that_cannot_be_loaded_names_the_column()
    {
        var duration = new DurationArray.Builder(DurationType.Second).Append(1).Build();
        var error = await Assert.ThrowsAsync<DltException>(() => LoadAsync(Some.Account(_folder), Table(("took", duration))));
        Assert.Contains("Column 'took'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Items_with_such_a_type_are_refused_before_anything_waits_to_be_loaded()
    {
        var account = Some.Account(_folder);
        var duration = new DurationArray.Builder(DurationType.Second).Append(1).Build();
        var structType = new StructType([new Field("took", duration.Data.DataType, true)]);
        var batch = Table(("o", new StructArray(structType, 1, [duration], ArrowBuffer.Empty)));
        var error = await Assert.ThrowsAsync<DltException>(() => Some.Pipeline(account)
            .RunAsync(Resource.FromBatches("items", (_, _) => new[] { batch }.ToAsyncEnumerable()), Cancellation));
        Assert.Contains("Column 'o.took' of 'items'", error.Message, StringComparison.Ordinal);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", "{\"id\":2}"), Cancellation);
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT sum(id) FROM items"));
    }

    [Fact]
    public async Task Tables_longer_than_a_batch_and_slices_are_loaded_in_pieces()
    {
        var account = Some.Account(_folder);
        var ids = new Int64Array.Builder();
        var texts = new StringArray.Builder();
        for (var i = 0; i < 300_000; i++)
        {
            ids.Append(i);
            if (i % 7 == 0) texts.AppendNull();
            else texts.Append("t" + i % 1000);
        }

        var table = Table(("id", ids.Build()), ("text", texts.Build()));
        await LoadAsync(account, table.Slice(100_001, 150_000));
        Assert.Equal(["150000", "100001", "250000", "128571"],
            (await Some.QueryAsync(account, "SELECT count(*), min(id), max(id), sum(CASE WHEN text = 't' || (id % 1000) THEN 1 ELSE 0 "
            + "END) FROM items")).Rows[0]);
    }

    private static Task<LoadInfo> LoadAsync(LocalAthena account, RecordBatch table, ResourceHints? hints = null) =>
        Some.Pipeline(account).RunAsync(Resource.Create("items", [table], hints), Cancellation);

    private static RecordBatch Table(params (string Name, IArrowArray Values)[] columns) =>
        new(new Apache.Arrow.Schema(columns.Select(c => new Field(c.Name, c.Values.Data.DataType, nullable: true)), null),
            columns.Select(c => c.Values), columns[0].Values.Length);

    private static async Task<string> ColumnsAsync(LocalAthena account, string table = "items") =>
        string.Join(", ", (await account.Glue.GetTableAsync("ds", table, Cancellation))!.Columns.Select(c => $"{c.Name} {c.Type}"));
}
