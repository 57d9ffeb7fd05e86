using Apache.Arrow;
using Apache.Arrow.Types;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>Forms of input, bad input, and warnings.</summary>
public class MergeInputTests : MergeTests
{
    [Theory]
    [InlineData("upsert")]
    [InlineData("cdc")]
    public async Task Keys_that_come_twice_are_an_error_at_the_first_load_too(string strategy)
    {
        var hints = Merged with { MergeStrategy = Strategy(strategy) };
        var error = await Assert.ThrowsAsync<SchemaException>(
            () => LoadAsync(hints, """{"id":7,"v":1}""", """{"id":7,"v":2}""", """{"id":7,"v":3}"""));
        Assert.Contains("'items'", error.Message, StringComparison.Ordinal);
        Assert.Contains("id = 7", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 row(s)", error.Message, StringComparison.Ordinal);
        await AssertRowsAsync("SELECT count(*) FROM items", "0");
    }

    [Theory, MemberData(nameof(KeyStrategies)), Scenario("T-59")]
    public async Task A_null_in_a_primary_key_is_refused_before_anything_is_loaded(string strategy)
    {
        var hints = Merged with { MergeStrategy = Strategy(strategy) };
        var error = await Assert.ThrowsAsync<SchemaException>(() => LoadAsync(hints, """{"id":1}""", """{"id":null}"""));
        Assert.Contains("id", error.Message, StringComparison.Ordinal);
        Assert.Null(await Account.Glue.GetTableAsync("ds", "items", Cancellation));
    }

    [Theory, MemberData(nameof(KeyStrategies)), Scenario("T-59")]
    public async Task A_key_column_that_no_row_has_is_refused_before_anything_is_loaded(string strategy)
    {
        var hints = Merged with { PrimaryKey = ["nope"], MergeStrategy = Strategy(strategy) };
        var error = await Assert.ThrowsAsync<SchemaException>(() => LoadAsync(hints, """{"id":1}"""));
        Assert.Contains("nope", error.Message, StringComparison.Ordinal);
        Assert.Null(await Account.Glue.GetTableAsync("ds", "items", Cancellation));
    }

    [Theory]
    [InlineData("upsert")]
    [InlineData("cdc")]
    [InlineData("insert-only")]
    public async Task Strategies_that_compare_primary_keys_need_one(string strategy)
    {
        var hints = Merged with { PrimaryKey = [], MergeStrategy = Strategy(strategy) };
        var error = await Assert.ThrowsAsync<SchemaException>(() => LoadAsync(hints, """{"id":1}"""));
        Assert.Contains("primary key", error.Message, StringComparison.Ordinal);
        Assert.Contains("'items'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("length(v) > 3")]
    [InlineData("v = w")]
    [InlineData("nope = 1")]
    public async Task A_condition_that_the_native_merge_cannot_evaluate_is_an_error_with_the_other_engine(string condition)
    {
        var hints = Merged with { MergeStrategy = new MergeStrategy.DeleteInsert { SourceFilter = condition } };
        var error = await Assert.ThrowsAsync<SchemaException>(() => LoadAsync(hints, """{"id":1,"v":"a","w":"b"}"""));
        Assert.Contains(condition, error.Message, StringComparison.Ordinal);
        Assert.Contains("source_filter", error.Message, StringComparison.Ordinal);
        Assert.Contains("merge_engine = \"athena\"", error.Message, StringComparison.Ordinal);
    }

    [Fact, Scenario("X-28")]
    public async Task Deletions_and_sort_columns_are_no_reason_for_a_warning()
    {
        var hints = Merged with { HardDelete = "gone", DedupSort = new("at", true) };
        await LoadAsync(hints, """{"id":1,"gone":false,"at":1,"tags":["a"]}""");
        await LoadAsync(hints, """{"id":1,"gone":true,"at":2}""");
        Assert.Empty(Warnings);
    }

    [Theory]
    [InlineData("upsert", true)]
    [InlineData("insert-only", true)]
    [InlineData("delete-insert", false)]
    [InlineData("cdc", false)]
    [InlineData("scd2", false)]
    public async Task A_merge_key_without_effect_is_warned_about(string strategy, bool isWarned)
    {
        var hints = Merged with { MergeKey = ["day"], MergeStrategy = Strategy(strategy) };
        await LoadAsync(hints, """{"id":1,"day":1}""");
        Assert.Equal(isWarned, Warnings.Exists(w => w.Contains("merge key", StringComparison.Ordinal)));
    }

    [Theory, MemberData(nameof(KeyStrategies))]
    public async Task Of_many_files_the_last_row_stays(string strategy)
    {
        var environment = ("NORMALIZE__DATA_WRITER__FILE_MAX_ITEMS", "3");
        var options = new PipelineOptions { Configuration = Some.Configuration(Account.Folder, environment) };
        var pipeline = Pipeline.Create("pipe", Dlt.Athena.Destination(Account), "ds", options);
        var hints = Merged with { MergeStrategy = Strategy(strategy) };
        var isOnce = strategy == "delete-insert";
        for (var load = 0; load < 3; load++)
        {
            var items = Enumerable.Range(0, 40).Select(i => $$"""{"id":{{(isOnce ? i % 4 : i)}},"v":{{(load * 100) + i}}}""");
            await pipeline.RunAsync(Some.Resource("items", hints, [.. items]), Cancellation);
        }

        await AssertRowsAsync(
            "SELECT id, v FROM items ORDER BY id",
            [.. Enumerable.Range(0, isOnce ? 4 : 40).Select(i => $"{i} {200 + (isOnce ? 36 + i : i)}")]);
    }

    [Theory]
    [InlineData("delete-insert", "1 1", "2 2")]
    [InlineData("upsert", "1 1", "2 2")]
    [InlineData("insert-only", "1 1", "2 2")]
    public async Task A_run_without_rows_changes_nothing(string strategy, params string[] rows)
    {
        var hints = Merged with { MergeStrategy = Strategy(strategy) };
        await LoadAsync(hints, """{"id":1,"v":1}""", """{"id":2,"v":2}""");
        await LoadAsync(hints);
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", rows);
    }

    [Theory]
    [InlineData("delete-insert")]
    [InlineData("upsert")]
    [InlineData("cdc")]
    [InlineData("insert-only")]
    public async Task Arrow_tables_are_merged_by_their_keys(string strategy)
    {
        var hints = Merged with { MergeStrategy = Strategy(strategy) };
        await LoadAsync(hints, Batch([1, 2, 3], ["a", "b", "c"]));
        await LoadAsync(hints, Batch([2, 4], ["x", "y"]));
        await AssertRowsAsync("SELECT id, v FROM items ORDER BY id", strategy switch
        {
            "cdc" => ["2 x", "4 y"],
            "insert-only" => ["1 a", "2 b", "3 c", "4 y"],
            _ => ["1 a", "2 x", "3 c", "4 y"],
        });
    }

    [Fact]
    public async Task Arrow_rows_with_a_version_of_their_own_are_kept_as_versions()
    {
        var hints = Iceberg with
        {
            WriteDisposition = WriteDisposition.Merge,
            MergeStrategy = new MergeStrategy.Scd2 { RowVersionColumn = "v" },
        };
        await LoadAsync(hints, Batch([1, 2], ["a", "b"]));
        await LoadAsync(hints, Batch([1, 2], ["a", "c"]));
        await AssertRowsAsync(
            "SELECT id, v, _dlt_valid_to IS NULL FROM items ORDER BY id, v", "1 a true", "2 b false", "2 c true");
    }

    private Task<LoadInfo> LoadAsync(ResourceHints hints, RecordBatch batch) =>
        Some.Pipeline(Account, warnings: Warnings).RunAsync(Resource.Create("items", [batch], hints), Cancellation);

    private static RecordBatch Batch(long[] ids, string[] values) => new(
        new Apache.Arrow.Schema(
            [new Field("id", Int64Type.Default, nullable: false), new Field("v", StringType.Default, nullable: false)], null),
        [new Int64Array.Builder().AppendRange(ids).Build(), new StringArray.Builder().AppendRange(values).Build()], ids.Length);
}
