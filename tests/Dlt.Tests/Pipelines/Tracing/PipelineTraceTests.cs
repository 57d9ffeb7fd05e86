using System.Text.RegularExpressions;
using Dlt.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Tracing;

/// <summary>The <c>trace.json</c> of a run (docs/spec/pipeline.md 13.4).</summary>
public sealed class PipelineTraceTests : AccountTests
{
    [Fact]
    public async Task A_run_leaves_a_trace_with_the_members_of_dlt()
    {
        var info = await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1,"b":[{"c":2}]}"""), Cancellation);
        var json = JsonParser.Parse(await File.ReadAllTextAsync(Path.Combine(Stored.Folder, "trace.json"), Cancellation));
        Assert.Equal(
            ["transaction_id", "pipeline_name", "execution_context", "started_at", "finished_at", "steps", "resolved_config_values",
                "engine_version"],
            json.Members.Select(m => m.Key));
        Assert.Matches("^[0-9a-f]{32}$", json["transaction_id"]!.AsString());
        Assert.Equal("""{"run_context":{"name":"dlt"}}""", json["execution_context"]!.ToString());
        Assert.Equal(2, json["engine_version"]!.AsInt64());
        Assert.Equal(["extract", "normalize", "load", "run"], json["steps"]!.Items.Select(s => s["step"]!.AsString()));
        Assert.All(json["steps"]!.Items, step => Assert.Equal(
            ["span_id", "step", "started_at", "finished_at", "step_info", "step_exception", "exception_traces"],
            step.Members.Select(m => m.Key)));
        var load = json["steps"]!.Items[2]["step_info"]!;
        Assert.Equal(info.Packages.Single().LoadId, load["loads_ids"]!.Items.Single().AsString());
        Assert.Equal(1, load["row_counts"]!["items__b"]!.AsInt64());
        Assert.Equal("ds", load["dataset_name"]!.AsString());
        Assert.Equal(info.Location, load["destination_displayable_credentials"]!.AsString());
    }

    [Fact]
    public async Task The_text_of_a_trace_has_the_form_of_dlt()
    {
        var info = await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        (string, string)[] scrubs =
        [
            (@"in [\d.]+ seconds|at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", "<time>"),
            (Regex.Escape(info.Packages.Single().LoadId), "<load id>"),
            (Regex.Escape(info.Location), "<location>"),
        ];
        Verified.Matches(Stored.ReadTrace()!.ToString(), "trace", scrubs);
    }

    [Fact]
    public void The_text_of_a_run_has_the_time_of_its_load_steps_not_of_the_whole_run()
    {
        var start = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        var outcome = new StepOutcome
        {
            Packages = [new("1.5", StoredPackageState.Loaded)],
            Target = new("athena", "ds", "s3://lake/ds"),
        };
        PipelineStepTrace Step(string name, int from, int to) =>
            new(name, name, start.AddSeconds(from), start.AddSeconds(to)) { Outcome = outcome };
        var trace = new PipelineTrace
        {
            TransactionId = "id",
            PipelineName = "pipe",
            StartedAt = start,
            FinishedAt = start.AddSeconds(60),
            Steps = [Step("load", 1, 3), Step("load", 20, 25), Step("run", 0, 50)],
        };
        var times = trace.ToString().Split('\n').Where(l => l.Contains("load step finished in", StringComparison.Ordinal));
        Assert.Equal(["2 seconds", "5 seconds", "7 seconds"], times.Select(l => l[(l.IndexOf(" in ", StringComparison.Ordinal) + 4)..]));
    }

    [Fact]
    public async Task A_trace_is_also_in_the_package_and_reads_back_unchanged()
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        var first = Stored.ReadTrace()!;
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":2}"""), Cancellation);
        var packages = Stored.Packages();
        Assert.Equal(first.ToJson(), Stored.ReadTrace(packages[0])!.ToJson());
        Assert.Equal(Stored.ReadTrace()!.ToJson(), Stored.ReadTrace(packages[1])!.ToJson());
        Assert.NotEqual(first.TransactionId, Stored.ReadTrace()!.TransactionId);
    }

    [Fact]
    public async Task A_run_that_fails_leaves_a_trace_in_the_package_that_waits()
    {
        var pipeline = Pipeline.Create("pipe", Failing("stage", new IOException("The line is cut.")), "ds", Options());
        await Assert.ThrowsAnyAsync<DltException>(() => pipeline.RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation));
        var trace = Stored.ReadTrace()!;
        Assert.True(trace.HasFailed);
        Assert.Equal(["extract", "normalize", "load", "run"], trace.Steps.Select(s => s.Step));
        Assert.Contains("The line is cut.", trace.Steps[2].StepException, StringComparison.Ordinal);
        Assert.Contains(trace.Steps[2].ExceptionTraces, e => e.ExceptionType == "System.IO.IOException" && e.StackTrace.Length > 0);
        Assert.Contains("Step load FAILED in", trace.ToString(), StringComparison.Ordinal);
        Assert.Equal(trace.ToJson(), Stored.ReadTrace(Stored.Packages().Single())!.ToJson());
    }

    [Fact]
    public async Task A_run_whose_source_fails_has_a_trace_and_no_package()
    {
        var broken = Resource.Create("items", (_, _) => Broken("no more pages"));
        await Assert.ThrowsAnyAsync<Exception>(() => Some.Pipeline(Account).RunAsync(broken, Cancellation));
        var trace = TraceOfFolder();
        Assert.Equal(["extract", "run"], trace["steps"]!.Items.Select(s => s["step"]!.AsString()));
        Assert.Contains("no more pages", trace["steps"]!.Items[0]["step_exception"]!.AsString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_stand_in_the_trace_without_the_values_of_secrets()
    {
        Folder.Write(".dlt/config.toml", "[sources.shop]\nbase_url = \"https://me:pw123456@api.example.com/v1?sig=abcdef\"\npages = 3\n");
        Folder.Write(".dlt/secrets.toml", "[sources.shop]\napi_key = \"k-very-secret\"\nregion = \"north-side\"\n");
        var pipeline = Pipeline.Create("pipe", Athena.Destination(Account), "ds", Options());
        var shop = new Source("shop", Resource.Create("items", (context, _) => Broken(
            $"401 from {context.Settings.Get<string>("base_url")} with {context.Settings.GetSecret<string>("api_key")} of "
            + $"{context.Settings.Get<string>("region")}, page {context.Settings.Get<int>("pages")}")));
        await Assert.ThrowsAnyAsync<Exception>(() => pipeline.RunAsync(shop, Cancellation));

        var settings = TraceOfFolder()["resolved_config_values"]!.Items.Where(s => s["sections"]!.ToString() == """["sources","shop"]""")
            .ToDictionary(s => s["key"]!.AsString());
        Assert.Equal("3", settings["pages"]["value"]!.AsString());
        Assert.Equal("config.toml", settings["pages"]["provider_name"]!.AsString());
        Assert.EndsWith("config.toml", settings["pages"]["provider_location"]!.AsString(), StringComparison.Ordinal);
        Assert.True(settings["api_key"]["is_secret_hint"]!.AsBool());
        Assert.True(settings["api_key"]["value"]!.IsNull);
        Assert.True(settings["region"]["value"]!.IsNull);   // it is in the file of secrets
        var text = await File.ReadAllTextAsync(TraceFile, Cancellation);
        Assert.Contains("401 from", text, StringComparison.Ordinal);
        foreach (var secret in new[] { "k-very-secret", "pw123456", "abcdef" })
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_trace_is_left_where_it_is_switched_off()
    {
        Folder.Write(".dlt/config.toml", "[pipelines]\nenable_runtime_trace = false\n");
        await Pipeline.Create("pipe", Athena.Destination(Account), "ds", Options())
            .RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        Assert.Null(Stored.ReadTrace());
        Assert.Null(Stored.ReadTrace(Stored.Packages().Single()));
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("{\"engine_version\":2", "torn")]
    [InlineData("{\"engine_version\":2}", "is not a trace")]
    [InlineData("{\"engine_version\":9}", "version 9")]
    public async Task A_trace_that_cannot_be_read_stops_no_run(string content, string said)
    {
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);
        await File.WriteAllTextAsync(TraceFile, content, Cancellation);
        var error = Assert.Throws<DltException>(() => Stored.ReadTrace());
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("The next run writes it again", error.Message, StringComparison.Ordinal);
        await Some.Pipeline(Account).RunAsync(Some.Resource("items", """{"a":2}"""), Cancellation);
        Assert.False(Stored.ReadTrace()!.HasFailed);
    }

    private StoredPipeline Stored => new PipelineWorkspace(Account.PipelinesFolder).Find("pipe")!;

    private string TraceFile => Path.Combine(Account.PipelinesFolder, "pipe", "trace.json");

    private JsonValue TraceOfFolder() => JsonParser.Parse(File.ReadAllText(TraceFile));

    private PipelineOptions Options() => new()
    {
        Configuration = Some.Configuration(Folder.Path),
        PipelinesFolder = Account.PipelinesFolder,
        Warn = _ => { },
    };

    private static FakeDestination Failing(string call, Exception error) => new(() => new()
    {
        On = made =>
        {
            if (made == call) throw error;
        },
    });

    private static async IAsyncEnumerable<JsonValue> Broken(string message)
    {
        await Task.Yield();
        yield return JsonParser.Parse("""{"a":1}""");
        throw new InvalidOperationException(message);
    }
}
