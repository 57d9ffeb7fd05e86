using System.IO.Compression;
using System.Net;
using System.Text;
using static Dlt.Tests.Sources.Rest.FakeApi;

namespace Dlt.Tests.Sources.Rest;

/// <summary>Bodies are read in every form that HTTP allows; others are errors that name the request.</summary>
public sealed class RestBodyTests : IDisposable
{
    private readonly RestRuns _runs = new();

    public void Dispose() => _runs.Dispose();

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("deflate")]
    public async Task Packed_bodies_are_unpacked(string encoding)
    {
        var api = new FakeApi(_ => Bytes(Packed("""[{"id":1}]""", encoding), ("Content-Encoding", encoding)));
        await _runs.RunAsync(api.Config("orders"));
        Assert.Equal("1", await _runs.ValuesAsync("orders"));
    }

    [Fact]
    public async Task A_body_that_is_not_packed_as_it_says_is_an_error_with_the_request()
    {
        var api = new FakeApi(_ => Bytes("[]"u8.ToArray(), ("Content-Encoding", "gzip")));
        var error = await _runs.FailAsync(api.Config("orders"));
        Assert.Contains("Resource 'orders', page 1: GET http://api.test/v1/orders answered 200", error, StringComparison.Ordinal);
        Assert.Contains("cannot be unpacked as gzip", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Invalid_utf8_is_an_error_with_its_position()
    {
        var api = new FakeApi(_ => Bytes([.. "[{\"n\":\""u8, 0xE9, .. "\"}]"u8], ("Content-Type", "application/json")));
        var error = await _runs.FailAsync(api.Config("orders"));
        Assert.Contains("the body is not UTF-8: byte 7", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_web_page_is_an_error_with_status_type_and_beginning()
    {
        var api = new FakeApi(_ => Bytes("<html>Please log in</html>"u8.ToArray(), ("Content-Type", "text/html")));
        var error = await _runs.FailAsync(api.Config("orders"));
        Assert.Contains("answered 200 with the content type 'text/html'", error, StringComparison.Ordinal);
        Assert.Contains("<html>Please log in</html>", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_that_breaks_off_on_a_later_page_is_an_error_with_page_and_position_and_nothing_is_loaded()
    {
        var api = new FakeApi(call => Ok(call.Number == 1
            ? """{"items":[{"id":1}],"next":"/v1/orders?page=2"}"""
            : """{"items":[{"id":1},{"id":"""));
        var error = await _runs.FailAsync(api.Config("orders"));
        Assert.Contains("Resource 'orders', page 2: GET http://api.test/v1/orders?page=2", error, StringComparison.Ordinal);
        Assert.Contains("$.items[1].id", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_content_is_an_empty_page_and_an_empty_body_is_an_error()
    {
        var api = new FakeApi(call => Bytes([]));
        Assert.Contains("with no content type and an empty body", await _runs.FailAsync(api.Config("orders")), StringComparison.Ordinal);
        var none = new FakeApi(_ => new HttpResponseMessage(HttpStatusCode.NoContent));
        await _runs.RunAsync(none.Config("orders"));
        Assert.Single(none.Asked);
    }

    [Fact]
    public async Task A_page_of_ten_megabytes_is_loaded()
    {
        var text = new string('x', 1000);
        var rows = string.Join(',', Enumerable.Range(0, 10_000).Select(i => $$"""{"id":{{i}},"t":"{{text}}"}"""));
        var api = new FakeApi(_ => Ok($$"""{"items":[{{rows}}]}"""));
        var info = await _runs.RunAsync(api.Config("orders"));
        Assert.Equal(10_000, info.RowCounts["orders"]);
    }

    [Fact]
    public async Task A_broken_connection_is_tried_again_for_post_too()
    {
        var api = new FakeApi(call => call.Number == 1 ? throw new HttpRequestException("cut") : Ok("""[{"id":1}]"""));
        await _runs.RunAsync(api.Config(new RestResource("orders") { Endpoint = new() { Method = "POST" } }));
        Assert.Equal(2, api.Asked.Count);
    }

    private static HttpResponseMessage Bytes(byte[] body, params (string Name, string Value)[] headers)
    {
        var response = new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in headers) response.Content.Headers.TryAddWithoutValidation(name, value);
        return response;
    }

    private static byte[] Packed(string text, string encoding)
    {
        using var packed = new MemoryStream();
        using (Stream stream = encoding switch
        {
            "gzip" => new GZipStream(packed, CompressionMode.Compress),
            "br" => new BrotliStream(packed, CompressionMode.Compress),
            _ => new ZLibStream(packed, CompressionMode.Compress),
        })
            stream.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
