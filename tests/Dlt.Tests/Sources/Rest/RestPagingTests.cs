using System.Net;
using static Dlt.Tests.Sources.Rest.FakeApi;

namespace Dlt.Tests.Sources.Rest;

/// <summary>Pages that repeat are noticed, whatever the paginator.</summary>
public sealed class RestPagingTests : IDisposable
{
    private readonly RestRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task An_own_paginator_that_asks_the_same_again_is_an_error_with_the_place()
    {
        var api = new FakeApi(_ => Ok("""[{"id":1},{"id":2}]"""));
        var error = await _runs.FailAsync(api.Config(
            new RestResource("orders") { Endpoint = new() { Paginator = new RestPaginator.Custom(() => new SamePage()) } }));
        Assert.StartsWith("Resource 'orders', page 2: The pages do not end: ", error, StringComparison.Ordinal);
        Assert.Contains("SamePage", error, StringComparison.Ordinal);
        Assert.Single(api.Asked);
    }

    [Fact]
    public async Task A_cursor_that_changes_while_the_records_stay_is_an_error()
    {
        var api = new FakeApi(call => Ok($$"""{"items":[{"id":1},{"id":2}],"next":"c{{call.Number}}"}"""));
        var error = await _runs.FailAsync(api.Config(
            new RestResource("orders") { Endpoint = new() { Paginator = new RestPaginator.Cursor("next") } }));
        Assert.Contains("3 pages with the same records followed each other", error, StringComparison.Ordinal);
        Assert.Equal(3, api.Asked.Count);
    }

    [Fact]
    public async Task Graph_ql_pages_by_a_variable_in_the_body()
    {
        var api = new FakeApi(call => Ok(call.Body.Contains("\"after\":\"c1\"", StringComparison.Ordinal)
            ? """{"data":{"orders":{"nodes":[{"id":2}],"pageInfo":{"endCursor":"c2","hasNextPage":false}}}}"""
            : """{"data":{"orders":{"nodes":[{"id":1}],"pageInfo":{"endCursor":"c1","hasNextPage":true}}}}"""));
        await _runs.RunAsync(api.Config(new RestResource("orders")
        {
            Endpoint = new()
            {
                Path = "graphql",
                Method = "POST",
                Json = JsonValue.Object(("query", JsonValue.String("{{ orders(after: $after) {{ nodes {{ id }} }} }}"))),
                DataSelector = "data.orders.nodes",
                Paginator = new RestPaginator.Cursor("data.orders.pageInfo.endCursor")
                {
                    CursorBodyPath = "variables.after",
                    HasMorePath = "data.orders.pageInfo.hasNextPage",
                },
            },
        }));
        Assert.Equal("1 2", await _runs.ValuesAsync("orders"));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("""{"orders":null}""")]
    public async Task Errors_of_graph_ql_with_status_200_end_the_run(string data)
    {
        var api = new FakeApi(_ => Ok($$"""{"data":{{data}},"errors":[{"message":"Field 'nods' does not exist"}]}"""));
        var error = await _runs.FailAsync(api.Config(new RestResource("orders")
        {
            Endpoint = new() { Path = "graphql", Method = "POST", DataSelector = "data.orders.nodes" },
        }));
        Assert.Contains("Field 'nods' does not exist", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_api_that_counts_guessed_pages_from_1_is_loaded_without_loss_and_doubling()
    {
        var api = new FakeApi(call => Ok(call.Url.Query switch
        {
            "" or "?page=1" => """{"items":[{"id":1},{"id":2}],"total_pages":2}""",
            _ => """{"items":[{"id":3}],"total_pages":2}""",
        }));
        await _runs.RunAsync(api.Config("orders"));
        Assert.Equal(["/v1/orders", "/v1/orders?page=1", "/v1/orders?page=2"], api.Asked);
        Assert.Equal("1 2 3", await _runs.ValuesAsync("orders"));
    }

    [Fact]
    public async Task An_answer_that_says_there_is_more_than_one_page_is_told_when_paging_is_not_recognized()
    {
        var api = new FakeApi(_ => Ok("""{"items":[{"id":1}],"has_more":true}"""));
        await _runs.RunAsync(api.Config("orders"));
        Assert.Contains(_runs.Warnings, w => w.StartsWith("Resource 'orders': 'has_more' is true", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("@odata.nextLink")]
    [InlineData("odata.nextLink")]
    public async Task The_next_link_of_odata_is_recognized_and_followed_with_its_parameters(string key)
    {
        var api = new FakeApi(call => Ok(call.Number == 1
            ? $$"""{"@odata.context":"c","{{key}}":"http://api.test/v1/users/?$select=id&$skiptoken=2","value":[{"id":1}]}"""
            : """{"@odata.context":"c","value":[{"id":2}]}"""));
        await _runs.RunAsync(api.Config("users"));
        Assert.Equal(["/v1/users", "/v1/users/?$select=id&$skiptoken=2"], api.Asked);
        Assert.Equal("1 2", await _runs.ValuesAsync("users"));
    }

    [Theory]
    [InlineData(""" "paging":{"next":{"after":"NTI1"}} """, "'next' has a value")]
    [InlineData(""" "offset":"itr/rec" """, "'offset' has a value")]
    [InlineData(""" "pageInfo":{"endCursor":"Y3Vyc29y"} """, "'endCursor' has a value")]
    [InlineData(""" "isLast":false """, "'isLast' is false")]
    public async Task Signs_of_a_next_page_that_no_paginator_is_guessed_from_are_told(string sign, string told)
    {
        var api = new FakeApi(_ => Ok($$"""{"items":[{"id":1},{"id":2}],{{sign}}}"""));
        await _runs.RunAsync(api.Config("orders"));
        Assert.Contains(_runs.Warnings, w => w.StartsWith("Resource 'orders': " + told, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(""" "paging":{"next":null} """)]
    [InlineData(""" "offset":2 """)]
    [InlineData(""" "pageInfo":{"endCursor":""} """)]
    [InlineData(""" "isLast":true """)]
    public async Task The_only_page_of_an_api_is_loaded_without_a_warning(string end)
    {
        var api = new FakeApi(_ => Ok($$"""{"items":[{"id":1},{"id":2}],{{end}}}"""));
        await _runs.RunAsync(api.Config("orders"));
        Assert.DoesNotContain(_runs.Warnings, w => w.Contains("only the first page", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Row_order_ends_the_series_at_the_page_beyond_the_range()
    {
        var api = new FakeApi(call => Ok($$"""{"items":[{"n":{{10 - call.Number}}}],"next":"/v1/logs?page={{call.Number}}"}"""));
        RestApiConfig Config() => api.Config(new RestResource("logs")
        {
            Endpoint = new()
            {
                Paginator = new RestPaginator.JsonLink(),
                Incremental = new(new("n") { InitialValue = 7, RowOrder = RowOrder.Desc }),
            },
        });
        await _runs.RunAsync(Config());
        Assert.Equal("7 8 9", await _runs.ValuesAsync("logs", "n"));
        Assert.Equal(4, api.Asked.Count);
    }

    [Fact]
    public async Task A_limit_of_rows_counts_the_rows_of_pages()
    {
        var api = new FakeApi(call => Ok($$"""{"items":[{"id":{{call.Number}}},{"id":0}],"next":"/v1/orders?page={{call.Number}}"}"""));
        await _runs.RunAsync(
            api.Config("orders"),
            source => source with { Resources = [.. source.Resources.Select(r => r.WithLimit(3, countRows: true))] });
        Assert.Equal(2, api.Asked.Count);
    }

    private sealed class SamePage : RestPages
    {
        public override bool Next(RestAnswer answer, IReadOnlyList<JsonValue> items, RestRequest request) => items.Count == 2;
    }
}
