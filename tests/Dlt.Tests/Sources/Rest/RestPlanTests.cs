using Dlt.Configuration;
using Dlt.Sources.Rest;

namespace Dlt.Tests.Sources.Rest;

public class RestPlanTests
{
    [Fact]
    public void Keys_of_defaults_hold_until_a_resource_says_otherwise()
    {
        var plan = Plan("""
            {"client": {"base_url": "http://a.test"},
             "resource_defaults": {"write_disposition": "merge", "primary_key": "id", "columns": {"id": {"data_type": "text"}},
                                   "endpoint": {"params": {"lang": "is", "limit": 5}, "json": {"kind": "car"}, "path": "x"}},
             "resources": ["a", {"name": "b", "write_disposition": "append", "columns": [{"name": "id", "precision": 8}],
                                 "endpoint": {"params": {"limit": 9}, "json": {"page": 1}}}]}
            """);
        Assert.Equal([WriteDisposition.Merge, WriteDisposition.Append], plan.Resources.Select(r => r.Hints.WriteDisposition));
        Assert.Equal(["a", "b"], plan.Resources.Select(r => r.Path.Text));
        Assert.Equal("lang=\"is\" limit=9", Params(plan["b"]));
        Assert.Equal("""{"kind":"car","page":1}""", plan["b"].Json!.Value!.ToString());
        Assert.Equal((DataType.Text, 8), (plan["b"].Hints.Columns[0].DataType, plan["b"].Hints.Columns[0].Precision));
    }

    [Fact]
    public void A_parameter_of_the_defaults_is_bound_in_every_path()
    {
        var plan = Plan("""
            {"client": {"base_url": "http://a.test"}, "resource_defaults": {"endpoint": {"params": {"tenant": "a/b", "lang": "is"}}},
             "resources": [{"name": "a", "endpoint": "{tenant}/a"}, {"name": "b", "endpoint": "{tenant}/b"}]}
            """);
        Assert.Equal(["a%2Fb/a", "a%2Fb/b"], plan.Resources.Select(r => r.Path.Fill(Bound, Uri.EscapeDataString)));
        Assert.All(plan.Resources, r => Assert.Equal("lang=\"is\"", Params(r)));
    }

    [Theory]
    [InlineData("a/{resources.b.id}", "b/{resources.a.id}", "'a' with the path 'a/{resources.b.id}'")]
    [InlineData("a/{resources.bb.id}", "b", "The nearest one is 'b'")]
    [InlineData("a/{resource.b.id}", "b", "'resources.b.id'")]
    [InlineData("a/{code}", "b", "no parameter 'code'")]
    [InlineData("a/}x", "b", "Double it")]
    [InlineData("a/{resources.b}", "b", "{resources.<parent>.<field>}")]
    [InlineData("a/{resources.b.x[}", "b", "something is missing")]
    [InlineData("a/{resources.b.id:%Y}", "b", "'%Y'")]
    [InlineData("a/{incremental.start_value}", "b", "has no 'incremental'")]
    public void A_placeholder_that_stands_for_nothing_is_an_error_of_the_configuration(string ofA, string ofB, string advice)
    {
        var config = new RestApiConfig
        {
            Client = "http://a.test",
            Resources = [new("a") { Endpoint = ofA }, new("b") { Endpoint = ofB }],
        };
        var error = Assert.Throws<ConfigurationException>(() => RestApi.Source("shop", config));
        Assert.Contains(advice, error.Message, StringComparison.Ordinal);
        Assert.Contains("'a'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name": "a", "endpoint": {"json": {}, "data": {}}}""", "'json' and 'data'")]
    [InlineData("""{"name": "a", "endpoint": {"data_selector": "x["}}""", "'resources[0].endpoint.data_selector'")]
    [InlineData("""{"name": "a", "endpoint": {"paginator": {"type": "cursor", "cursor_path": "a.."}}}""", "cursor_path")]
    [InlineData("""{"name": "a", "include_from_parent": ["id"]}""", "include_from_parent")]
    [InlineData("""{"name": "a", "endpoint": {"params": {"p": {"type": "resolve", "resource": "b", "field": "id"}}}}""", "{p}")]
    public void What_contradicts_itself_is_told_before_any_request(string resource, string place)
    {
        var json = $$"""{"client": {"base_url": "http://a.test"}, "resources": [{{resource}}, "b"]}""";
        Assert.Contains(place, Assert.Throws<ConfigurationException>(() => Plan(json)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_complete_credentials_and_cursors()
    {
        var config = RestApi.FromJson("""
            {"client": {"base_url": "http://a.test", "auth": {"type": "http_basic", "username": "mate"}},
             "resources": [{"name": "logs", "endpoint": {"incremental": {"cursor_path": "n", "initial_value": 1}}}]}
            """);
        var plan = RestPlanner.Plan("shop", config, Settings(
            ("SOURCES__SHOP__CREDENTIALS__PASSWORD", "rope"), ("SOURCES__SHOP__LOGS__INCREMENTAL__INITIAL_VALUE", "5")));
        Assert.Equal(new RestAuth.HttpBasic("mate", "rope"), plan["logs"].Auth);
        Assert.Equal("5", plan["logs"].Hints.Incremental!.InitialValue!.ToString());
    }

    [Fact]
    public void A_missing_credential_names_every_place_that_was_searched()
    {
        var config = new RestApiConfig { Client = new() { BaseUrl = "http://a.test", Auth = new RestAuth.Bearer() }, Resources = ["a"] };
        var error = Assert.Throws<ConfigurationException>(() => RestPlanner.Plan("shop", config, Settings()));
        Assert.Contains("sources.rest_api.shop.credentials.token", error.Message, StringComparison.Ordinal);
    }

    private static RestPlan Plan(string json) => RestPlanner.Plan("shop", RestApi.FromJson(json), settings: null);

    private static JsonValue Bound(RestPlaceholder placeholder) => ((RestPlaceholder.Bound)placeholder).Value;

    private static string Params(RestResourcePlan plan) => string.Join(' ', plan.Params.Select(p => $"{p.Name.Text}={p.Value.Value}"));

    private static SourceSettings Settings(params (string Name, string Value)[] values)
    {
        var folder = Directory.CreateTempSubdirectory("dlt-rest-").FullName;
        var found = values.ToDictionary(v => v.Name, v => v.Value);
        var configuration = DltConfiguration.Load(new RunContext(folder, folder, n => found.GetValueOrDefault(n)));
        return new(configuration, "shop", "rest_api", "pipeline");
    }
}
