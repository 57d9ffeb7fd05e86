using Dlt.Destinations;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Planning;

/// <summary>How much of a source a plan reads, and what of its rows would stop the run.</summary>
public sealed class PlanSourceTests : AccountTests
{
    [Theory, InlineData(1, 2), InlineData(3, 6)]
    public async Task A_plan_reads_the_pages_of_its_limit_and_no_further_one(int limit, int rows)
    {
        var read = 0;
        var plan = await Some.Pipeline(Account).PlanAsync(Resource.Create("items", (_, _) => PagesAsync()), limit, Cancellation);
        Assert.Equal((limit, rows), (read, plan.Rows));

        async IAsyncEnumerable<JsonValue> PagesAsync()
        {
            await Task.CompletedTask;
            for (var page = 0; page < 10; page++)
            {
                read++;
                yield return Some.Item($$"""[{"id":{{page}},"a":1},{"id":{{page}},"b":2}]""");
            }
        }
    }

    [Fact]
    public async Task Items_that_come_one_by_one_count_as_a_page_for_each_hundred()
    {
        var items = Enumerable.Range(0, 1000).Select(i => new { id = i });
        Assert.Equal(100, (await Some.Pipeline(Account).PlanAsync(Resource.Create("items", items), 1, Cancellation)).Rows);
        Assert.Equal(300, (await Some.Pipeline(Account).PlanAsync(Resource.Create("items", items), 3, Cancellation)).Rows);
        Assert.Equal(1000, (await Some.Pipeline(Account).PlanAsync(Resource.Create("items", items), null, Cancellation)).Rows);
    }

    [Fact]
    public async Task A_transformer_is_asked_for_as_many_pages_as_its_parent()
    {
        var asked = 0;
        var parents = Resource.Create("parents", (_, _) => new[] { Some.Item("""[{"id":1},{"id":2},{"id":3}]""") }.ToAsyncEnumerable());
        var children = parents.Transform<JsonValue, JsonValue>("children", (_, _, _) =>
        {
            asked++;
            return new[] { Some.Item("""[{"name":"x"}]""") }.ToAsyncEnumerable();
        });
        var plan = await Some.Pipeline(Account).PlanAsync([parents, children], cancellationToken: Cancellation);
        Assert.Equal(1, asked);
        Assert.Equal([("children", 1L), ("parents", 3L)], plan.Tables.Select(t => (t.Name, t.Rows)));
    }

    [Fact]
    public async Task Of_a_large_file_only_the_beginning_is_read()
    {
        var lines = Enumerable.Range(0, 100_000).Select(i => $$"""{"id":{{i}},"name":"a name of some length"}""");
        var file = Folder.Write("items.jsonl", string.Join('\n', lines));
        var plan = await Some.Pipeline(Account).PlanAsync(Resource.FromFile("items", file), cancellationToken: Cancellation);
        Assert.InRange(plan.Rows, 1000, 20_000);
    }

    [Fact]
    public async Task State_and_cursor_of_the_pipeline_stay_where_they_are()
    {
        var hints = new ResourceHints { Incremental = new("id"), WriteDisposition = WriteDisposition.Append };
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", hints, """{"id":1}"""), Cancellation);
        var next = Some.Resource("items", hints, """{"id":1}""", """{"id":2}""");
        Assert.Equal(1, (await Some.Pipeline(Account).PlanAsync(next, cancellationToken: Cancellation)).Rows);
        Assert.Equal(1, (await Some.Pipeline(Account).PlanAsync(next, cancellationToken: Cancellation)).Rows);
        await Some.Pipeline(Account).RunAsync(next, Cancellation);
        Assert.Equal("1,2", await AthenaDestination.Publishing.Machine.ValuesAsync(Account, "SELECT id FROM items ORDER BY id"));
        var plan = await Some.Pipeline(Account).PlanAsync(next, cancellationToken: Cancellation);
        Assert.Equal(0, plan.Rows);
    }

    [Fact]
    public async Task A_broken_contract_stops_the_plan_and_all_rows_that_break_it_are_named()
    {
        var hints = new ResourceHints { SchemaContract = ContractMode.Freeze };
        await Some.Pipeline(Account).RunAsync(Some.Resource("orders", """{"id":1}"""), Cancellation);
        var broken = Some.Resource("orders", hints, """{"id":2,"coupon":"x"}""", """{"id":3}""", """{"id":4,"colour":"red"}""");
        var plan = await Some.Pipeline(Account).PlanAsync(broken, cancellationToken: Cancellation);
        Assert.Equal("normalize", plan.Stop?.Step);
        Assert.Contains("'orders.coupon' is new", plan.Stop!.Reason, StringComparison.Ordinal);
        Assert.Equal(2, plan.Changes.Rejected.Length);
        Assert.Contains("colour", plan.ToString(), StringComparison.Ordinal);
        Assert.Empty(plan.Statements);
        Assert.DoesNotContain(plan.Warnings, w => w.Contains("_dlt_rejected", StringComparison.Ordinal));
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM orders"));
    }

    [Fact]
    public async Task Schema_files_that_people_edit_are_neither_written_nor_changed()
    {
        var pipeline = Pipeline.Create("pipe", Dlt.Athena.Destination(Account), "ds", new()
        {
            Configuration = Some.Configuration(Folder.Path),
            ImportSchemaPath = Folder.File("import"),
            ExportSchemaPath = Folder.File("export"),
        });
        await pipeline.PlanAsync(Some.Resource("orders", """{"id":1}"""), cancellationToken: Cancellation);
        Assert.False(Directory.Exists(Folder.File("import")));
        Assert.False(Directory.Exists(Folder.File("export")));
    }

    [Fact]
    public async Task A_plan_leaves_no_temporary_folder()
    {
        var before = Directory.GetDirectories(Path.GetTempPath(), "dlt-plan-*").ToHashSet();
        var used = "";
        await Some.Pipeline(Account).PlanAsync(Resource.Create("items", (_, _) => NewAsync()), cancellationToken: Cancellation);
        Assert.NotEqual("", used);
        Assert.False(Directory.Exists(used));

        async IAsyncEnumerable<JsonValue> NewAsync()
        {
            await Task.CompletedTask;
            var isOwn = (string folder) => !before.Contains(folder) && Directory.Exists(Path.Combine(folder, "pipelines", "pipe"));
            used = Directory.GetDirectories(Path.GetTempPath(), "dlt-plan-*").First(isOwn);
            yield return Some.Item("""{"id":1}""");
        }
    }

    [Fact]
    public async Task A_destination_that_cannot_say_what_a_load_changes_is_never_asked_to_change_something()
    {
        var calls = new List<string>();
        var pipeline = Pipeline.Create("pipe", new FakeDestination(() => new FakeClient { On = calls.Add }), "ds", new()
        {
            Configuration = Some.Configuration(Folder.Path),
            PipelinesFolder = Folder.File("runs"),
        });
        var plan = await pipeline.PlanAsync(Some.Resource("items", """{"a":1}"""), cancellationToken: Cancellation);
        Assert.False(plan.IsPreviewed);
        Assert.Null(Assert.Single(plan.Tables).IsNew);
        Assert.Empty(calls.Except(["restore", "dataset", "load ids", "schema", "check", "dispose"]));
        Assert.Contains("does not say what a load changes", plan.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder.File("runs")));
    }

    [Fact]
    public async Task A_source_that_is_not_reached_gives_no_plan()
    {
        var failing = Resource.Create("items", (_, _) => FailAsync());
        await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(Account).PlanAsync(failing, cancellationToken: Cancellation));

        static async IAsyncEnumerable<JsonValue> FailAsync()
        {
            await Task.CompletedTask;
            yield return Some.Item("""{"id":1}""");
            throw new DltException("The API is away.") { IsTransient = true };
        }
    }
}
