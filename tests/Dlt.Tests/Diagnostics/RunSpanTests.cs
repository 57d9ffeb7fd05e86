using System.Diagnostics;
using Dlt.Tests.Support;

namespace Dlt.Tests.Diagnostics;

/// <summary>Spans and measurements of runs into a local account.</summary>
[Collection(AloneCollection.Name)]
public sealed class RunSpanTests : IDisposable
{
    private static readonly ResourceHints Iceberg = new() { TableFormat = TableFormat.Iceberg };

    private readonly TempFolder _folder = new();
    private readonly Listening _heard = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _heard.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_part_of_a_run_is_a_span_below_the_part_that_holds_it()
    {
        await RunAsync(Iceberg, """{"id":1,"tags":["x","y"]}""", """{"id":2}""");
        var run = Assert.Single(_heard.Of("dlt.run"));
        Assert.Null(run.Parent);
        Assert.Equal(("pipe", "ds", "athena"),
            (Tag(run, "dlt.pipeline.name"), Tag(run, "dlt.dataset.name"), Tag(run, "dlt.destination.name")));
        foreach (var step in new[] { "dlt.sync", "dlt.extract", "dlt.normalize", "dlt.load" })
            Assert.Same(run, Assert.Single(_heard.Of(step)).Parent);
        var resource = Assert.Single(_heard.Of("dlt.resource"));
        Assert.Equal(("dlt.extract", "items"), (resource.Parent!.OperationName, Tag(resource, "dlt.resource.name")));
        Assert.Equal(
            ["_dlt_pipeline_state", "items", "items__tags"], _heard.Of("dlt.job").Select(j => Tag(j, "dlt.table.name")).Order());
        Assert.All(_heard.Of("dlt.job"), j => Assert.Equal("dlt.load", j.Parent!.OperationName));
        var publish = _heard.Of("dlt.publish").Single(p => Tag(p, "dlt.table.name") == "items");
        Assert.Equal(("append", "iceberg", "4"),
            (Tag(publish, "dlt.write.mode"), Tag(publish, "dlt.table.format"), Tag(publish, "dlt.rows")));
        var commit = _heard.Of("iceberg.commit").First(c => Tag(c, "iceberg.table.name") == "ds.items" && c.Parent == publish);
        Assert.Equal("1", Tag(commit, "iceberg.commit.attempts"));
        Assert.Equal("dlt.load", Assert.Single(_heard.Of("dlt.commit")).Parent!.OperationName);
        Assert.All(_heard.Spans, s => Assert.Equal(ActivityStatusCode.Unset, s.Status));
        ObservabilityPageTests.AssertDocumented(_heard);
    }

    [Fact]
    public async Task A_run_that_fails_has_failed_spans_that_say_nothing_of_its_data()
    {
        static IEnumerable<JsonValue> Read()
        {
            yield return Some.Item("""{"id":1}""");
            throw new InvalidOperationException("https://api.example.com/?token=hush");
        }

        await Assert.ThrowsAnyAsync<DltException>(() =>
            Some.Pipeline(Some.Account(_folder)).RunAsync(Resource.Create("items", Read()), Cancellation));
        foreach (var name in new[] { "dlt.run", "dlt.extract", "dlt.resource" })
        {
            var span = Assert.Single(_heard.Of(name));
            Assert.Equal(ActivityStatusCode.Error, span.Status);
            Assert.StartsWith("Dlt.", Tag(span, "error.type"), StringComparison.Ordinal);
            Assert.DoesNotContain("hush", span.StatusDescription + string.Concat(span.TagObjects), StringComparison.Ordinal);
        }

        Assert.Equal(2, _heard.Measurements.Count(m => m.Instrument == "dlt.step.duration" && m.Tags.ContainsKey("error.type")));
    }

    [Fact]
    public async Task Rows_files_bytes_loads_commits_and_times_are_measured()
    {
        var info = await RunAsync(Iceberg, """{"id":1,"tags":["x","y"]}""", """{"id":2}""");
        Assert.Equal(3, _heard.Sum("dlt.rows", "dlt.step", "extract"));   // with the row of the state
        Assert.Equal(info.RowCounts.Values.Sum(), _heard.Sum("dlt.rows", "dlt.step", "normalize"));
        Assert.Equal(info.RowCounts.Values.Sum(), _heard.Sum("dlt.rows", "dlt.step", "load"));
        Assert.Equal(4, _heard.Sum("dlt.rows", "dlt.table.format", "iceberg"));
        Assert.Equal(3, _heard.Sum("dlt.staged.files"));
        Assert.InRange(_heard.Sum("dlt.staged.bytes"), 500, 50_000);
        Assert.Equal(1, _heard.Sum("dlt.loads"));
        Assert.Equal(_heard.Of("iceberg.commit").Count, _heard.Sum("iceberg.commits"));
        Assert.Equal(["extract", "load", "normalize", "run", "sync"], _heard.Measurements.Where(m => m.Instrument == "dlt.step.duration")
            .Select(m => (string)m.Tags["dlt.step"]!).Order());
    }

    [Fact]
    public async Task Rows_of_a_step_are_the_same_in_measurements_span_log_and_trace()
    {
        var file = _folder.Write("a.jsonl", "{\"id\":1}\n{\"id\":2}\n");
        using var log = new KeptLog();
        var account = Some.Account(_folder);
        var options = new PipelineOptions { Configuration = Some.Configuration(_folder.Path), LoggerFactory = log, Warn = _ => { } };
        var source = new Source("pipe", Some.Resource("items", """{"id":1,"tags":["x","y"]}"""), Resource.FromFile("files", file));
        await Pipeline.Create("pipe", Athena.Destination(account), "ds", options).RunAsync(source, Cancellation);
        var trace = new PipelineWorkspace(account.PipelinesFolder).Find("pipe")!.ReadTrace()!;
        foreach (var (step, rows) in new[] { ("extract", 2), ("normalize", 6), ("load", 6) })
        {
            Assert.Equal(rows, _heard.Sum("dlt.rows", "dlt.step", step));
            Assert.Equal($"{rows}", Tag(Assert.Single(_heard.Of("dlt." + step)), "dlt.rows"));
            Assert.Equal(rows, trace.Steps.Single(s => s.Step == step).Outcome!.RowCounts.Values.Sum());
            var logged = $"Step {step} of pipeline pipe handled {rows} rows";
            Assert.Single(log.Entries, e => e.Text.StartsWith(logged, StringComparison.Ordinal));
        }
    }

    [Theory, InlineData("stage"), InlineData("publish")]
    public async Task Repeated_steps_of_a_load_are_counted(string step)
    {
        var calls = 0;
        var client = new FakeClient
        {
            On = name =>
            {
                if (name == step && ++calls == 1) throw new DltException("SlowDown") { IsTransient = true };
            },
        };
        await Pipeline.Create("pipe", new FakeDestination(() => client), "ds", new()
        {
            Configuration = Some.Configuration(_folder.Path, ("LOAD__WORKERS", "1")),
            PipelinesFolder = _folder.File("p"),
            Warn = _ => { },
            Time = new NoWaits(),
        }).RunAsync(Some.Resource("items", """{"id":1}"""), Cancellation);
        Assert.Equal(1, _heard.Sum("dlt.load.retries", "error.type", typeof(DltException).FullName));
    }

    private Task<LoadInfo> RunAsync(ResourceHints hints, params string[] items) =>
        Some.Pipeline(Some.Account(_folder)).RunAsync(Some.Resource("items", hints, items), Cancellation);

    private static string? Tag(Activity span, string name) => span.GetTagItem(name)?.ToString();
}
