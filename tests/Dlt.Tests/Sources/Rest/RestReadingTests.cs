namespace Dlt.Tests.Sources.Rest;

public class RestReadingTests
{
    [Fact]
    public void YAML_and_CSharp_describe_the_same_api()
    {
        var read = RestApi.FromYaml("""
            client:
              base_url: https://api.example.com/v1/
              auth: {type: api_key, name: X-Key, api_key: k}
              paginator: {type: offset, limit: 50, total_path: null}
            resources:
              - customers
              - name: orders
                primary_key: id
                write_disposition: merge
                endpoint:
                  path: all/orders
                  data_selector: data.items
                  incremental: {cursor_path: at, initial_value: 5, start_param: since}
            """);
        Assert.Equal("https://api.example.com/v1/", read.Client.BaseUrl);
        Assert.Equal(new RestAuth.ApiKey("k") { Name = "X-Key" }, read.Client.Auth);
        Assert.Equal(new RestPaginator.Offset(50) { TotalPath = null }, read.Client.Paginator);
        Assert.Equal<RestResource>("customers", read.Resources[0]);
        var orders = read.Resources[1];
        Assert.Equal(WriteDisposition.Merge, orders.Hints!.WriteDisposition);
        Assert.Equal(["id"], orders.Hints.PrimaryKey);
        Assert.Equal("all/orders", orders.Endpoint!.Path);
        Assert.Equal("since", orders.Endpoint.Incremental!.StartParam);
    }

    [Theory]
    [InlineData("paginator: {type: pagenumber}", "'resources[0].endpoint.paginator.type'", "'page_number'")]
    [InlineData("paginator: {type: offset, limt: 5}", "'resources[0].endpoint.paginator'", "'limit'")]
    [InlineData("params: {q: {a: 1}}", "'resources[0].endpoint.params.q'", "'type'")]
    [InlineData("method: post", "'resources[0].endpoint.method'", "'post'")]
    [InlineData("headers: {X-A: 1}", "'resources[0].endpoint.headers.X-A'", "in quotes")]
    [InlineData("incremental: {cursor_path: n, row_order: up}", "'resources[0].endpoint.incremental.row_order'", "asc, desc")]
    [InlineData("incremental: {cursor_path: n, convert: epoch}", "'resources[0].endpoint.incremental.convert'", "In C#")]
    [InlineData("response_actions: [{action: f}]", "'resources[0].endpoint.response_actions[0].action'", "ignore")]
    [InlineData("auth: {token: very-secret, tokn: x}", "'resources[0].endpoint.auth'", "'token'")]
    public void An_error_names_file_line_place_and_the_way_out(string endpoint, string place, string advice)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("dlt-rest-").FullName, "shop.yaml");
        File.WriteAllText(path, $"client: {{base_url: http://a.test}}\nresources:\n  - name: orders\n    endpoint:\n      {endpoint}\n");
        var error = Assert.Throws<ConfigurationException>(() => RestApi.FromFile(path));
        Assert.Contains(place, error.Message, StringComparison.Ordinal);
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", error.Message, StringComparison.Ordinal);
        Assert.Equal((path, 5), (error.File, error.Line));
    }

    [Theory]
    [InlineData("""{"client": {"base_url": "x", "auth": "my-secret-token-0123456789"}, "resources": ["a"]}""", "my-secret")]
    [InlineData("""{"client": {"base_url": "x", "auth": {"type": "http_basic", "username": ["mate"]}}, "resources": ["a"]}""", "mate")]
    [InlineData("""{"client": {"base_url": "x", "auth": {"api_key": "k-123", "type": "apikey"}}, "resources": ["a"]}""", "k-123")]
    public void An_error_shows_no_secret(string json, string secret) =>
        Assert.DoesNotContain(
            secret, Assert.Throws<ConfigurationException>(() => RestApi.FromJson(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_line_of_a_JSON_file_is_named_too()
    {
        var error = Assert.Throws<ConfigurationException>(() => RestApi.FromJson("{\n\"client\": {},\n\"resources\": []}"));
        Assert.Contains("'base_url'", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, error.Line);
    }
}
