using Dlt.Tests.Support;

namespace Dlt.Tests.Sources.PipelineFiles;

public sealed class PipelineFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_single_stream_has_the_name_of_the_pipeline()
    {
        var file = Read("pipeline: web-shop\nstreams: [{rest_api: {client: {base_url: 'http://a.test'}, resources: [a, b]}}]");
        Assert.Equal(("web-shop", null, null), (file.PipelineName, file.DestinationName, file.DatasetName));
        var source = Assert.Single(file.Sources);
        Assert.Equal("web_shop", source.Name);
        Assert.Equal(["a", "b"], source.Resources.Select(r => r.Name));
    }

    [Fact]
    public void The_nearest_hints_count()
    {
        var source = Assert.Single(Read("""
            pipeline: shop
            destination: lake
            dataset: d
            defaults: {write_disposition: merge, primary_key: id, table_format: iceberg}
            streams:
              - name: api
                rest_api:
                  client: {base_url: "http://a.test"}
                  resource_defaults: {primary_key: key}
                  resources: [a, {name: b, write_disposition: append}]
            """).Sources);
        var (a, b) = (source.Resources[0].Hints!, source.Resources[1].Hints!);
        Assert.Equal(
            (WriteDisposition.Merge, "key", TableFormat.Iceberg), (a.WriteDisposition, Assert.Single(a.PrimaryKey), a.TableFormat));
        Assert.Equal((WriteDisposition.Append, "key"), (b.WriteDisposition, Assert.Single(b.PrimaryKey)));
    }

    [Fact]
    public void A_description_of_an_api_alone_is_a_pipeline_with_the_name_of_the_file()
    {
        var file = Read("client: {base_url: 'http://a.test'}\nresources: [a]", "My shop.yaml");
        Assert.Equal(("my_shop", "my_shop"), (file.PipelineName, Assert.Single(file.Sources).Name));
    }

    [Fact]
    public void Variables_and_settings_are_put_into_texts()
    {
        _folder.Write(".dlt/secrets.toml", "[shop]\nhost = \"a.test\"\n");
        var file = Read("""
            pipeline: ${NAME}_x
            dataset: $${NAME} ${EMPTY:-none} ${NO:-}
            streams:
              - rest_api:
                  client: {base_url: "https://${shop.host}/v1", max_parallel_requests: "${MANY}"}
                  resources: [{name: a, selected: "${YES}"}]
            """);
        Assert.Equal(("shop_x", "${NAME} none "), (file.PipelineName, file.DatasetName));
        Assert.True(Assert.Single(file.Sources).Resources[0].IsSelected);
    }

    [Theory]
    [InlineData("${NOPE}", 5, "'streams[0].rest_api.client.base_url' needs the environment variable NOPE")]
    [InlineData("${shop.nope}", 5, "Write nope under [shop]")]
    [InlineData("${NAME", 5, "without its '}'")]
    [InlineData("${a b}", 5, "no name")]
    [InlineData("${TOKEN}", 5, "is no address")]
    public void A_variable_that_cannot_be_used_is_an_error_with_its_place(string url, int line, string said)
    {
        var error = Fails($"pipeline: shop\nstreams:\n  - rest_api:\n      client:\n        base_url: \"{url}\"\n      resources: [a]\n");
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Equal((_folder.File("pipeline.yaml"), line, 9), (error.File, error.Line, error.Column));
    }

    [Theory]
    [InlineData("selected: \"${TOKEN}\"")]
    [InlineData("write_disposition: \"${TOKEN}\"")]
    [InlineData("endpoint: {method: \"${TOKEN}\"}")]
    [InlineData("endpoint: {paginator: \"${TOKEN}\"}")]
    public void An_error_does_not_show_the_value_of_a_variable(string hint)
    {
        var error = Fails(
            "pipeline: shop\nstreams:\n  - rest_api:\n      client: {base_url: 'http://a.test'}\n"
            + $"      resources:\n        - name: a\n          {hint}\n");
        Assert.Contains("value of a variable", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", error.Message, StringComparison.Ordinal);
        Assert.Equal(7, error.Line);
    }

    [Fact]
    public void The_value_of_a_secret_variable_is_hidden_in_texts()
    {
        var configuration = Configuration();
        Read("pipeline: p\nstreams: [{rest_api: {client: {base_url: 'http://a.test', headers: {X: \"${TOKEN}\"}}, resources: [a]}}]",
            configuration: configuration);
        Assert.Equal("with …", configuration.Secrets.Hide("with s3cret-1"));
    }

    [Theory]
    [InlineData("streams: []", "lacks 'pipeline'")]
    [InlineData("pipeline: p", "lacks 'streams'")]
    [InlineData("pipeline: p\nstreams: []", "no stream")]
    [InlineData("pipelin: p\nstreams: []", "The nearest one is 'pipeline'")]
    [InlineData("pipeline: p\nstreams: [{}]", "'streams[0]' lacks 'rest_api'")]
    [InlineData("pipeline: p\nstreams: [{sql_database: {}}]", "which this version does not have")]
    [InlineData("pipeline: p\nstreams: [{rest_api: {}}, {rest_api: 1}]", "'streams[0]' lacks 'name'")]
    [InlineData("pipeline: p\nstreams: [{name: a-b, rest_api: {}}]", "'streams[0].name' makes")]
    [InlineData("pipeline: p\ndefaults: {table_name: x}\nstreams: []", "'defaults' has the unknown key 'table_name'")]
    [InlineData("pipeline: p\nstreams: [{rest_api: {client: {base_url: nope}, resources: [x]}}]", "'streams[0].rest_api.client.base_url'")]
    [InlineData(
        "pipeline: p\nstreams: [{rest_api: {client: {base_url: 'http://a'}, "
            + "resources: [{name: x, endpoint: {paginator: {type: offset, limt: 1}}}]}}]",
        "'streams[0].rest_api.resources[0].endpoint.paginator' has the unknown key 'limt'. The nearest one is 'limit'")]
    [InlineData(
        "pipeline: p\nstreams: [{rest_api: {client: {base_url: 'http://a'}, resources: [x, 'x']}}]", "'streams[0].rest_api.resources[1]'")]
    public void What_is_wrong_is_told_with_its_place(string text, string said)
    {
        var error = Fails(text);
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.NotNull(error.Line);
    }

    [Fact]
    public void Two_streams_of_one_name_are_an_error()
    {
        const string Stream = "{name: a, rest_api: {client: {base_url: 'http://a'}, resources: [x]}}";
        Assert.Contains("another stream", Fails($"pipeline: p\nstreams: [{Stream}, {Stream}]").Message, StringComparison.Ordinal);
    }

    private DltConfiguration Configuration() => Some.Configuration(
        _folder.Path, ("NAME", "shop"), ("EMPTY", ""), ("MANY", "3"), ("YES", "true"), ("TOKEN", "s3cret-1"));

    private PipelineFile Read(string text, string name = "pipeline.yaml", DltConfiguration? configuration = null)
    {
        _folder.Write(name, text);
        return PipelineFile.Read(_folder.File(name), configuration ?? Configuration());
    }

    private ConfigurationException Fails(string text) => Assert.Throws<ConfigurationException>(() => Read(text));
}
