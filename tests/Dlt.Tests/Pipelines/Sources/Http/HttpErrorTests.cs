using System.Net;
using System.Net.Sockets;
using Dlt.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Sources.Http;

/// <summary>Errors that a user sees when an API does not answer as expected.</summary>
public sealed class HttpErrorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public async Task The_body_of_an_error_is_shown_where_the_settings_ask_for_it(string setting, bool isShown)
    {
        await using var server = Answering(400, "no such month");
        using var api = new ApiSource(_folder, ("RUNTIME__HTTP_SHOW_ERROR_BODY", setting), ("RUNTIME__HTTP_MAX_ERROR_BODY_LENGTH", "7"));
        var error = await Assert.ThrowsAsync<ApiException>(() => api.Client().GetJsonAsync(server.Url, Cancellation));
        Assert.Equal(isShown, error.Message.Contains("no such…", StringComparison.Ordinal));
        Assert.Equal(!isShown, error.Message.Contains("http_show_error_body", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_error_that_lasts_names_url_and_attempts_and_nothing_is_loaded()
    {
        await using var server = Answering(500, "");
        var (error, account) = await RunAsync(
            context => context.Http.GetJsonAsync(server.Url + "/games", Cancellation), ("RUNTIME__REQUEST_MAX_ATTEMPTS", "3"));
        Assert.Contains(server.Url + "/games", error.Message, StringComparison.Ordinal);
        Assert.Contains("3 of 3 attempts", error.Message, StringComparison.Ordinal);
        Assert.Null(await account.Glue.GetTableAsync("ds", "items", Cancellation));
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Credentials_that_are_not_accepted_are_named_with_their_place_but_not_shown(int status)
    {
        await using var server = Answering(status, "");
        var (error, _) = await RunAsync(
            context =>
            {
                context.Http.DefaultRequestHeaders.Authorization = new("Bearer", context.Settings.GetSecret<string>("api_token"));
                context.Http.DefaultRequestHeaders.Add("X-Api-Key", "HUSH");
                return context.Http.GetJsonAsync(server.Url + "/orders?token=HUSH&page=2", Cancellation);
            },
            ("SOURCES__SHOP__API_TOKEN", "HUSH"));
        Assert.Contains("credentials", error.Message, StringComparison.Ordinal);
        Assert.Contains("scheme 'Bearer', the header 'X-Api-Key', the query parameter 'token'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'api_token' (SOURCES__SHOP__API_TOKEN in", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("HUSH", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_without_credentials_gets_an_error_that_explains_how_to_send_them()
    {
        await using var server = Answering(401, "");
        var (error, _) = await RunAsync(context => context.Http.GetJsonAsync(server.Url, Cancellation));
        Assert.Contains("no Authorization header", error.Message, StringComparison.Ordinal);
        Assert.Contains("[sources.shop]", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Try again later", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_programs_own_request_fails_with_the_same_words()
    {
        await using var server = Answering(401, "");
        var (error, _) = await RunAsync(async context =>
        {
            using var answer = await context.Http.GetAsync(server.Url + "/me?key=HUSH", Cancellation);
            answer.EnsureSuccessStatusCode();
            return JsonValue.Null;
        });
        var api = Assert.IsType<ApiException>(error);
        Assert.Equal((401, server.Url + "/me?…"), (api.StatusCode, api.Url));
        Assert.Contains("credentials", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_programs_own_request_without_an_answer_fails_as_HttpClient_does()
    {
        using var api = new ApiSource(_folder, ("RUNTIME__REQUEST_MAX_ATTEMPTS", "1"));
        var error = await Assert.ThrowsAnyAsync<HttpRequestException>(
            () => api.Client().GetStringAsync("http://127.0.0.1:1/v1?api_key=HUSH", Cancellation));
        Assert.Equal(HttpRequestError.ConnectionError, error.HttpRequestError);
        Assert.Contains("GET http://127.0.0.1:1/v1?… failed: Connection refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Persistent_throttling_reports_how_long_the_server_asks_to_wait()
    {
        await using var server = new LoopbackServer((call, _) =>
        {
            call.Response.StatusCode = 429;
            call.Response.Headers["Retry-After"] = "3600";
            return Task.CompletedTask;
        });
        using var api = new ApiSource(_folder);
        var error = await Assert.ThrowsAsync<ApiException>(() => api.Client().GetJsonAsync(server.Url, Cancellation));
        Assert.Contains("after 5 of 5 attempts", error.Message, StringComparison.Ordinal);
        Assert.Contains("asked to wait 3600 s", error.Message, StringComparison.Ordinal);
        Assert.Contains("request_max_retry_delay", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_page_is_an_error_or_null_as_the_source_asks()
    {
        await using var server = LoopbackServer.OfFolder(_folder.Path);
        using var api = new ApiSource(_folder);
        Assert.Null(await api.Client().TryGetJsonAsync(server.Url + "/none", Cancellation));
        var error = await Assert.ThrowsAsync<ApiException>(() => api.Client().GetJsonAsync(server.Url + "/none", Cancellation));
        Assert.Equal(404, error.StatusCode);
        Assert.Equal(2, server.Calls);
    }

    [Theory]
    [InlineData("text/html", "<!DOCTYPE html><p>Log in</p>")]
    [InlineData("text/html; charset=utf-8", "\ufeff  <html/>")]
    [InlineData("application/xml", "<a/>")]
    [InlineData("text/plain", "Down for maintenance")]
    public async Task An_answer_that_is_something_else_is_named_by_its_content_type(string type, string body)
    {
        await using var server = Answering(200, body, type);
        using var api = new ApiSource(_folder);
        var error = await Assert.ThrowsAsync<ApiException>(() => api.Client().GetJsonAsync(server.Url + "/orders", Cancellation));
        Assert.Contains(
            $"GET {server.Url}/orders answered 200 with the content type '{type.Split(';')[0]}' instead of JSON", error.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_error_for_an_answer_that_is_not_json_names_url_line_and_place()
    {
        await using var server = Answering(200, "{\"a\": [1,\n 2, {\"b\": tru}]}", "application/json");
        using var api = new ApiSource(_folder);
        var error = await Assert.ThrowsAsync<JsonFormatException>(() => api.Client().GetJsonAsync(server.Url + "/bad", Cancellation));
        Assert.Contains(server.Url + "/bad", error.Message, StringComparison.Ordinal);
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("$.a[2].b", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_without_TLS_is_reported_as_such_after_one_attempt()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(async () =>
        {
            using var client = await listener.AcceptTcpClientAsync(Cancellation);
            await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Cancellation);
        }, Cancellation);
        using var api = new ApiSource(_folder);
        var url = $"https://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/x";
        var error = await Assert.ThrowsAsync<ApiException>(() => api.Client().GetJsonAsync(url, Cancellation));
        await answering;
        Assert.Equal(1, error.Attempts);
        Assert.Contains("no secure connection", error.Message, StringComparison.Ordinal);
        Assert.Contains("certificate", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_does_not_exist_is_named()
    {
        using var api = new ApiSource(_folder);
        var error = await Assert.ThrowsAsync<ApiException>(() => api.Client().GetJsonAsync("https://nowhere.invalid/x", Cancellation));
        Assert.Contains("the name of the host was not found", error.Message, StringComparison.Ordinal);
        Assert.Contains("nowhere.invalid", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders")]
    [InlineData("/orders")]
    public async Task An_address_without_a_host_needs_a_base_address(string url)
    {
        await using var server = Answering(200, "[]");
        using var api = new ApiSource(_folder);
        var http = api.Client();
        var error = await Assert.ThrowsAsync<ApiException>(() => http.GetJsonAsync(url, Cancellation));
        Assert.Contains("BaseAddress", error.Message, StringComparison.Ordinal);
        http.BaseAddress = new(server.Url);
        Assert.Empty((await http.GetJsonAsync(url, Cancellation)).Items);
    }

    private static LoopbackServer Answering(int status, string body, string? type = null) => new(async (call, _) =>
    {
        call.Response.StatusCode = status;
        call.Response.ContentType = type;
        await LoopbackServer.WriteAsync(call, body);
    });

    private async Task<(DltException Error, LocalAthena Account)> RunAsync(
        Func<ResourceContext, Task<JsonValue>> get, params (string, string)[] settings)
    {
        var account = Some.Account(_folder);
        var configuration = Some.Configuration(_folder.Path, [.. settings, ("RUNTIME__REQUEST_BACKOFF_FACTOR", "0")]);
        var pipeline = Pipeline.Create("pipe", Athena.Destination(account), "ds", new() { Configuration = configuration, Warn = _ => { } });
        var source = new Source("shop", Resource.Create("items", (context, _) => One(get(context))));
        return (await Assert.ThrowsAnyAsync<DltException>(() => pipeline.RunAsync(source, Cancellation)), account);
    }

    private static async IAsyncEnumerable<JsonValue> One(Task<JsonValue> item)
    {
        yield return await item;
    }
}
