using System.Net;
using static Dlt.Tests.Sources.Rest.FakeApi;

namespace Dlt.Tests.Sources.Rest;

/// <summary>Later runs ask for changes only, go on after a failure, and keep the pace.</summary>
public sealed class RestRepeatedRunTests : IDisposable
{
    private static readonly ResourceHints Replaced = new() { WriteDisposition = WriteDisposition.Replace };
    private readonly RestRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Not_modified_leaves_a_replaced_table_as_it_is()
    {
        var api = new FakeApi(call => call["If-None-Match"] == "\"v1\""
            ? new HttpResponseMessage(HttpStatusCode.NotModified)
            : Ok("""[{"id":1},{"id":2}]""", HttpStatusCode.OK, ("ETag", "\"v1\"")));
        var config = api.Config(new RestResource("orders") { Hints = Replaced, IsConditional = true });
        for (var run = 0; run < 3; run++) await _runs.RunAsync(config);
        Assert.Equal([null, "\"v1\"", "\"v1\""], api.Calls.Select(c => c["If-None-Match"]));
        Assert.Equal("1 2", await _runs.ValuesAsync("orders"));
    }

    [Fact]
    public async Task Nothing_conditional_is_sent_for_a_parent_of_wanted_children_and_for_several_pages()
    {
        var api = new FakeApi(call => Ok(
            call.Url.Query == "?page=2" ? """{"items":[{"id":2}]}"""
            : call.Url.AbsolutePath == "/v1/pages" ? """{"items":[{"id":1}],"next":"/v1/pages?page=2"}"""
            : """[{"id":1}]""",
            HttpStatusCode.OK, ("Last-Modified", "Wed, 06 May 2026 07:08:09 GMT")));
        var config = api.Config(
            new RestResource("ports") { IsConditional = true, Hints = Replaced },
            new RestResource("piers") { Endpoint = "ports/{resources.ports.id}/piers", Hints = Replaced },
            new RestResource("pages") { IsConditional = true, Hints = Replaced });
        for (var run = 0; run < 2; run++) await _runs.RunAsync(config);
        Assert.All(api.Calls, c => Assert.Null(c["If-Modified-Since"]));
        Assert.Equal("1 2", await _runs.ValuesAsync("pages"));
    }

    [Fact]
    public async Task A_second_page_that_was_ignored_is_asked_for_again_although_the_first_has_not_changed()
    {
        var hasSecond = false;
        var api = new FakeApi(call => call["If-None-Match"] is not null ? new HttpResponseMessage(HttpStatusCode.NotModified)
            : call.Url.Query == "?page=1" ? Ok("""[{"id":1}]""", HttpStatusCode.OK, ("ETag", "\"v1\""))
            : hasSecond && call.Url.Query == "?page=2" ? Ok("""[{"id":2}]""")
            : Status(HttpStatusCode.NotFound));
        var config = api.Config(new RestResource("orders")
        {
            Hints = Replaced,
            IsConditional = true,
            Endpoint = new()
            {
                Paginator = new RestPaginator.PageNumber { BasePage = 1, TotalPath = null },
                ResponseActions = [new() { StatusCode = 404, IsIgnored = true }],
            },
        });
        await _runs.RunAsync(config);
        hasSecond = true;
        await _runs.RunAsync(config);
        Assert.Equal("1 2", await _runs.ValuesAsync("orders"));
    }

    [Fact]
    public async Task The_state_has_no_parameters_of_the_requests()
    {
        var api = new FakeApi(_ => Ok("""[{"id":1}]""", HttpStatusCode.OK, ("ETag", "\"v1\"")));
        var config = api.Config(new RestResource("orders")
        {
            Hints = Replaced,
            IsConditional = true,
            Endpoint = new() { Params = new() { ["api_key"] = "very-secret-value" } },
        });
        for (var run = 0; run < 2; run++) await _runs.RunAsync(config);
        Assert.Equal("\"v1\"", api.Calls[^1]["If-None-Match"]);
        var states = Directory.EnumerateFiles(_runs.Account.Folder, "state.json", SearchOption.AllDirectories)
            .Select(File.ReadAllText)
            .Where(text => text.Contains("_dlt_requests", StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(states);
        Assert.All(states, text => Assert.DoesNotContain("very-secret-value", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_after_a_failed_one_goes_on_from_its_last_page_and_loads_each_page_once()
    {
        var isDown = true;
        var api = new FakeApi(call => call.Url.Query switch
        {
            "" => Ok("""{"items":[{"id":1}],"next":"/v1/orders?page=2"}"""),
            "?page=2" => Ok("""{"items":[{"id":2}],"next":"/v1/orders?page=3"}"""),
            _ => isDown ? Status(HttpStatusCode.Forbidden) : Ok("""{"items":[{"id":3}]}"""),
        });
        var config = api.Config(new RestResource("orders") { ResumesPages = true });
        await _runs.FailAsync(config);
        isDown = false;
        await _runs.RunAsync(config);
        Assert.Equal(["/v1/orders", "/v1/orders?page=2", "/v1/orders?page=3", "/v1/orders?page=3"], api.Asked);
        Assert.Equal("1 2 3", await _runs.ValuesAsync("orders"));
        await _runs.RunAsync(config);   // the run succeeded, so the next one begins anew
        Assert.Equal("1 1 2 2 3 3", await _runs.ValuesAsync("orders"));
    }

    [Fact]
    public async Task Pages_of_a_failed_run_are_not_used_for_other_requests()
    {
        var isDown = true;
        var api = new FakeApi(call => isDown && call.Url.Query.Contains("page=2", StringComparison.Ordinal)
            ? Status(HttpStatusCode.Forbidden)
            : Ok(call.Url.Query.Contains("page=2", StringComparison.Ordinal)
                ? """{"items":[{"id":2}]}"""
                : """{"items":[{"id":1}],"next":"?page=2"}"""));
        await _runs.FailAsync(api.Config(new RestResource("orders") { ResumesPages = true }));
        isDown = false;
        await _runs.RunAsync(api.Config(
            new RestResource("orders") { ResumesPages = true, Endpoint = new() { Params = new() { ["state"] = "open" } } }));
        Assert.Equal(["/v1/orders", "/v1/orders?page=2", "/v1/orders?state=open", "/v1/orders?page=2"], api.Asked);
    }

    [Fact]
    public async Task Requests_to_a_host_keep_a_steady_pace()
    {
        var api = new FakeApi(call => Ok(call.Number < 4
            ? $$"""{"items":[{"id":1}],"next":"?page={{call.Number}}"}"""
            : """{"items":[]}"""));
        await _runs.RunAsync(api.Over(
            new RestClientConfig { BaseUrl = "http://api.test", RateLimit = new(4, TimeSpan.FromMinutes(1)) }, "orders"));
        Assert.Equal([15, 15, 15], _runs.Clock.Waits.Where(w => w > TimeSpan.FromSeconds(10)).Select(w => Math.Round(w.TotalSeconds)));
    }

    [Fact]
    public async Task Retry_after_of_one_answer_holds_all_requests_to_the_host()
    {
        var api = new FakeApi(call => call.Number == 1
            ? Status(HttpStatusCode.TooManyRequests, ("Retry-After", "30"))
            : Ok("""[{"id":1}]"""));
        await _runs.RunAsync(api.Config("orders"));
        Assert.Contains(TimeSpan.FromSeconds(30), _runs.Clock.Waits);
        Assert.Equal(2, api.Asked.Count);
    }
}
