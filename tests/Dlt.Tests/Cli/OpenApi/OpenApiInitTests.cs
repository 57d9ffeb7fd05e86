using Dlt.Cli.OpenApi;
using Dlt.Tests.Sources.Rest;
using static Dlt.Tests.Sources.Rest.FakeApi;

namespace Dlt.Tests.Cli.OpenApi;

/// <summary>The program that <c>dlt init --openapi</c> writes compiles and loads the API of the document.</summary>
public sealed class OpenApiInitTests : IDisposable
{
    private readonly RestRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Fact]
    public async Task Pages_by_number_are_loaded_with_the_key_in_a_header_and_the_types_of_the_document()
    {
        var (script, config) = WrittenSource.Of("""
            openapi: 3.0.3
            info: {title: Shop, version: "1"}
            servers: [{url: "http://api.test/{version}", variables: {version: {default: v1}}}]
            security: [{key: []}]
            paths:
              /pets:
                get:
                  parameters:
                    - {name: page, in: query, schema: {type: integer, default: 1}}
                    - {name: per_page, in: query, schema: {type: integer, maximum: 50}}
                    - {name: status, in: query, required: true, schema: {type: string, enum: [sold, open]}}
                  responses:
                    "200":
                      description: ok
                      content:
                        application/json:
                          schema:
                            type: object
                            properties:
                              total_pages: {type: integer}
                              pets: {type: array, items: {$ref: "#/components/schemas/Pet"}}
              /pets/{id}: {get: {responses: {"200": {description: ok}}}}
            components:
              securitySchemes: {key: {type: apiKey, in: header, name: X-Key}}
              schemas:
                Pet:
                  type: object
                  properties:
                    id: {type: integer}
                    name: {type: string}
                    price: {type: number}
                    born: {type: string, format: date-time}
            """);
        var api = new FakeApi(call => Ok($"{call.Url.Query}&".Replace('?', '&').Contains("&page=1&", StringComparison.Ordinal)
            ? """{"total_pages":2,"pets":[{"id":1,"name":"a","price":1,"born":"2024-01-01T00:00:00Z"}]}"""
            : """{"total_pages":2,"pets":[{"id":2,"name":"b","price":2.5,"born":null}]}"""));
        var auth = Assert.IsType<RestAuth.ApiKey>(config.Client.Auth);
        await _runs.RunAsync(config with { Client = config.Client with { Handler = _ => api, Auth = auth with { Key = "k" } } });
        Assert.Equal("1 2", await _runs.ValuesAsync("pets"));
        Assert.Equal("DOUBLE", await _runs.ValuesAsync("pets", "DISTINCT typeof(price)"));
        Assert.Equal(2, api.Calls.Count);
        Assert.All(api.Calls, c => Assert.Equal("k", c["X-Key"]));
        Assert.All(api.Asked, a => Assert.StartsWith("/v1/pets?", a, StringComparison.Ordinal));
        Assert.All(api.Asked, a => Assert.Contains("status=sold", a, StringComparison.Ordinal));
        Assert.Contains("per_page=50", api.Asked[1], StringComparison.Ordinal);
        Assert.Contains("/pets/{id}: one record", script, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Children_are_asked_for_with_the_key_of_their_parent_and_pages_by_cursor()
    {
        var (script, config) = WrittenSource.Of("""
            {"openapi":"3.1.0","info":{"title":"Shop","version":"1"},"servers":[{"url":"http://api.test/"}],
             "paths":{
              "/orders/{order_id}/items":{"get":{"responses":{"200":{"description":"ok","content":{"application/json":{"schema":
                {"type":"array","items":{"type":"object","properties":{"id":{"type":"integer"},"sku":{"type":["string","null"]}}}}}}}}}},
              "/users/{name}/notes":{"get":{"responses":{"200":{"description":"ok","content":{"application/json":{"schema":
                {"type":"array","items":{"type":"object"}}}}}}}},
              "/orders":{"get":{"parameters":[{"name":"cursor","in":"query","schema":{"type":"string"}},
                {"name":"updated_since","in":"query","schema":{"type":"string"}}],
               "responses":{"200":{"description":"ok","content":{"application/json":{"schema":{"allOf":[
                {"type":"object","properties":{"meta":{"type":"object","properties":{"next_cursor":{"type":"string"}}}}},
                {"type":"object","properties":{"data":{"type":"array","items":{"type":"object","properties":
                 {"id":{"type":"integer"},"updated_at":{"type":"string","format":"date-time"}}}}}}]}}}}}}}
             }}
            """);
        var api = new FakeApi(call => Ok(call.Url.PathAndQuery switch
        {
            "/orders" => """{"meta":{"next_cursor":"c"},"data":[{"id":1,"updated_at":"2024-01-01T00:00:00Z"}]}""",
            "/orders?cursor=c" => """{"meta":{"next_cursor":null},"data":[{"id":2,"updated_at":"2024-01-02T00:00:00Z"}]}""",
            "/orders/1/items" => """[{"id":1,"sku":"x"}]""",
            _ => """[{"id":1,"sku":"y"}]""",
        }));
        await _runs.RunAsync(config with { Client = config.Client with { Handler = _ => api } });
        Assert.Equal("1 2", await _runs.ValuesAsync("orders"));
        Assert.Equal("x y", await _runs.ValuesAsync("items", "sku"));   // the same id below two parents is two rows
        Assert.Equal("1 2", await _runs.ValuesAsync("items", "_orders_id"));
        Assert.Contains("StartParam = \"updated_since\"", script, StringComparison.Ordinal);
        Assert.Contains("/users/{name}/notes: no list has the values of {name}. Fill in", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("swagger: '2.0'\ninfo: {title: a, version: '1'}\npaths: {}", "Swagger 2.0")]
    [InlineData("{\"openapi\":\"3.0.0\",", "Nothing was written")]
    [InlineData("hello", "Nothing was written")]
    [InlineData("openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths: {/a: {post: {responses: {'200': {description: ok}}}}}", "no GET")]
    [InlineData("openapi: 3.0.0\ninfo: {title: a, version: '1'}\npaths: {/a: {get: {responses: {'200': {description: ok, content: "
        + "{application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Gone'}}}}}}}}}", "schemas/Gone")]
    public void A_document_that_cannot_become_a_source_is_an_error_that_says_why(string document, string said)
    {
        var error = Assert.ThrowsAny<DltException>(() => OpenApiInit.Write(document, "shop.yaml", null));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains("'shop.yaml'", error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was written", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("offset, limit", "total",
        "new RestPaginator.Offset(100) { OffsetParam = \"offset\", LimitParam = \"limit\", TotalPath = \"total\" }")]
    [InlineData("starting_after", "has_more",
        "new RestPaginator.Cursor(\"data[-1].id\") { CursorParam = \"starting_after\", HasMorePath = \"has_more\" }")]
    [InlineData("pageSize, pageToken", "nextPageToken", "new RestPaginator.Cursor(\"nextPageToken\") { CursorParam = \"pageToken\" }")]
    [InlineData("$skip", "@odata.nextLink", "new RestPaginator.JsonLink(\"'@odata.nextLink'\")")]
    [InlineData("size", "count", null)]
    public void Paging_is_guessed_from_the_names_of_parameters_and_fields(string parameters, string field, string? paginator)
    {
        var all = string.Join(", ", parameters.Split(", ").Select(p => $"{{name: {p}, in: query, schema: {{type: string}}}}"));
        var api = OpenApiInit.Write(
            $$"""
            openapi: 3.0.0
            info: {title: a, version: '1'}
            paths:
              /a:
                get:
                  parameters: [{{all}}]
                  responses:
                    '200':
                      description: ok
                      content:
                        application/json:
                          schema:
                            type: object
                            properties:
                              '{{field}}': {type: string}
                              data:
                                type: array
                                items: {type: object, properties: {id: {type: string} } }
            """, "shop.yaml", null).Api;
        Assert.Equal(paginator, Assert.Single(api.Resources).Paginator);
    }
}
