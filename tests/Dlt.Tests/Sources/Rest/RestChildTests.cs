using System.Net;
using static Dlt.Tests.Sources.Rest.FakeApi;

namespace Dlt.Tests.Sources.Rest;

/// <summary>Children are asked for with the values of their ancestors.</summary>
public sealed class RestChildTests : IDisposable
{
    private readonly RestRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Requests_of_a_parallelized_child_run_side_by_side_and_its_rows_keep_the_order_of_the_parents()
    {
        const int parents = 8;
        using var all = new CountdownEvent(parents);
        var api = new FakeApi(call =>
        {
            if (call.Url.AbsolutePath == "/v1/ports")
                return Ok($"[{string.Join(',', Enumerable.Range(0, parents).Select(i => $$"""{"id":{{i}}}"""))}]");
            all.Signal();
            Assert.True(all.Wait(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken), "the requests did not run side by side");
            var port = call.Url.Segments[3].TrimEnd('/');
            return Ok($$"""[{"port":{{port}},"n":0},{"port":{{port}},"n":1}]""");
        });
        await _runs.RunAsync(api.Config("ports", new RestResource("piers")
        {
            Endpoint = "ports/{resources.ports.id}/piers",
            IsParallelized = true,
            Hints = new() { Columns = [] },
        }));
        var rows = await _runs.ValuesAsync("(SELECT port, n, row_number() OVER () AS r FROM piers)", "port * 10 + n", "r");
        Assert.Equal(string.Join(' ', Enumerable.Range(0, parents).SelectMany(i => new[] { i * 10, (i * 10) + 1 })), rows);
    }

    [Fact]
    public async Task An_error_of_one_of_several_requests_ends_the_run_with_its_parent()
    {
        var api = new FakeApi(call => call.Url.AbsolutePath switch
        {
            "/v1/ports" => Ok("""[{"id":1},{"id":2},{"id":3}]"""),
            "/v1/ports/2/piers" => Status(HttpStatusCode.NotFound),
            _ => Ok("""[{"n":1}]"""),
        });
        var error = await _runs.FailAsync(api.Config("ports", new RestResource("piers")
        {
            Endpoint = "ports/{resources.ports.id}/piers",
            IsParallelized = true,
        }));
        Assert.Contains("Resource 'piers', page 1: GET http://api.test/v1/ports/2/piers answered 404", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_grandchild_may_name_fields_of_the_grandparent()
    {
        var api = new FakeApi(call => Ok(call.Url.AbsolutePath switch
        {
            "/v1/ports" => """[{"id":1},{"id":2}]""",
            "/v1/ports/1/piers" or "/v1/ports/2/piers" => """[{"no":7},{"no":8}]""",
            _ => """[{"id":1}]""",
        }));
        await _runs.RunAsync(api.Config(
            "ports",
            new RestResource("piers") { Endpoint = "ports/{resources.ports.id}/piers", IsParallelized = true },
            new RestResource("berths")
            {
                Endpoint = "ports/{resources.ports.id}/piers/{resources.piers.no}/berths",
                IsParallelized = true,
            }));
        Assert.Equal(
            ["/v1/ports/1/piers/7/berths", "/v1/ports/1/piers/8/berths", "/v1/ports/2/piers/7/berths", "/v1/ports/2/piers/8/berths"],
            api.Asked.Where(a => a.EndsWith("berths", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_value_is_one_segment_of_the_path_and_cannot_lead_elsewhere()
    {
        var api = new FakeApi(call => Ok(call.Number == 1 ? """[{"v":"a/b?c#d"},{"v":null}]""" : """[{"n":1}]"""));
        await _runs.RunAsync(api.Config("ports", new RestResource("piers") { Endpoint = "x/{resources.ports.v}/piers" }));
        Assert.Equal(["/v1/ports", "/v1/x/a%2Fb%3Fc%23d/piers"], api.Asked);
        Assert.Contains(_runs.Warnings, w => w.Contains("has no value in 'v'", StringComparison.Ordinal));
        var dots = new FakeApi(_ => Ok("""[{"v":".."}]"""));
        var error = await _runs.FailAsync(
            dots.Config("ports", new RestResource("piers") { Endpoint = "x/{resources.ports.v}/piers" }));
        Assert.Contains("'..' cannot stand in the path", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_field_that_is_a_whole_address_is_asked_for_as_it_is()
    {
        var api = new FakeApi(call => Ok(call.Number == 1 ? """[{"url":"http://api.test/v2/ports/7?full=1"}]""" : """{"id":7}"""));
        await _runs.RunAsync(api.Config("ports", new RestResource("details") { Endpoint = "{resources.ports.url}" }));
        Assert.Equal(["/v1/ports", "/v2/ports/7?full=1"], api.Asked);
    }

    [Fact]
    public async Task A_child_with_a_cursor_begins_every_series_at_one_start_and_the_next_run_goes_on()
    {
        var at = 10;
        var api = new FakeApi(call => Ok(call.Url.AbsolutePath == "/v1/ports"
            ? """[{"id":1},{"id":2}]"""
            : $$"""[{"at":{{at++}}}]"""));
        RestApiConfig Config() => api.Config("ports", new RestResource("piers")
        {
            Endpoint = new()
            {
                Path = "ports/{resources.ports.id}/piers",
                Incremental = new(new("at") { InitialValue = 0 }) { StartParam = "since" },
            },
        });
        await _runs.RunAsync(Config());
        await _runs.RunAsync(Config());
        Assert.Equal(
            ["/v1/ports/1/piers?since=0", "/v1/ports/2/piers?since=0", "/v1/ports/1/piers?since=11", "/v1/ports/2/piers?since=11"],
            api.Asked.Where(a => a.Contains("since", StringComparison.Ordinal)));
        Assert.Equal("10 11 12 13", await _runs.ValuesAsync("piers", "\"at\""));
    }

    [Fact]
    public async Task Processing_steps_change_what_the_table_and_the_children_get()
    {
        var api = new FakeApi(call => Ok(call.Url.AbsolutePath == "/v1/ports"
            ? """[{"id":1,"open":true},{"id":2,"open":false}]"""
            : """[{"n":1}]"""));
        await _runs.RunAsync(api.Config(
            new RestResource("ports")
            {
                ProcessingSteps =
                [
                    new RestStep.Filter(p => p["open"]!.AsBool()),
                    new RestStep.Map(p => p.With("id", JsonValue.Integer(p["id"]!.AsInt64() * 10))),
                    new RestStep.YieldMap(p => [p, p.With("id", JsonValue.Integer(99))]),
                ],
            },
            new RestResource("piers") { Endpoint = "ports/{resources.ports.id}/piers" }));
        Assert.Equal(["/v1/ports", "/v1/ports/10/piers", "/v1/ports/99/piers"], api.Asked);
        Assert.Equal("10 99", await _runs.ValuesAsync("ports"));
    }
}
