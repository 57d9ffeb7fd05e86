using Dlt.Json;
using Dlt.Sources.Http;
using Dlt.Tests.Support;

namespace Dlt.Tests.Sources;

public sealed class ApiClientTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(429), InlineData(500), InlineData(503)]
    public async Task An_answer_that_may_get_better_is_asked_for_again(int status)
    {
        await using var server = new LoopbackServer(async (call, n) =>
        {
            if (n < 3) call.Response.StatusCode = status;
            else await LoopbackServer.WriteAsync(call, """{"ok":true}""");
        });
        using var client = Client(("RUNTIME__REQUEST_BACKOFF_FACTOR", "0"));
        Assert.True((await client.GetJsonAsync(server.Url + "/x", Cancellation))["ok"]!.AsBool());
        Assert.Equal(3, server.Calls);
    }

    [Theory]
    [InlineData("false", false)]
    [InlineData("true", true)]
    public async Task The_body_of_an_error_is_shown_where_the_settings_ask_for_it(string setting, bool isShown)
    {
        await using var server = new LoopbackServer(async (call, _) =>
        {
            call.Response.StatusCode = 400;
            await LoopbackServer.WriteAsync(call, "no such month");
        });
        using var client = Client(("RUNTIME__HTTP_SHOW_ERROR_BODY", setting), ("RUNTIME__HTTP_MAX_ERROR_BODY_LENGTH", "7"));
        var error = await Assert.ThrowsAsync<ApiException>(() => client.GetJsonAsync(server.Url, Cancellation));
        Assert.Equal(isShown, error.Message.Contains("no such…", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Retry_after_is_waited_for_but_not_longer_than_allowed()
    {
        await using var server = new LoopbackServer(async (call, n) =>
        {
            call.Response.Headers["Retry-After"] = "3600";
            if (n < 2) call.Response.StatusCode = 429;
            else await LoopbackServer.WriteAsync(call, "1");
        });
        using var client = Client(("RUNTIME__REQUEST_MAX_RETRY_DELAY", "1"));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await client.GetJsonAsync(server.Url, Cancellation);
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(0.9), $"asked again after {watch.Elapsed}");
    }

    [Fact]
    public async Task An_error_that_lasts_names_url_and_attempts_and_nothing_is_loaded()
    {
        await using var server = new LoopbackServer((call, _) =>
        {
            call.Response.StatusCode = 500;
            return Task.CompletedTask;
        });
        var account = Some.Account(_folder);
        var configuration = Some.Configuration(_folder.Path, ("RUNTIME__REQUEST_BACKOFF_FACTOR", "0"), ("RUNTIME__REQUEST_MAX_ATTEMPTS", "3"));
        var pipeline = Pipeline.Create("pipe", Athena.Destination(account), "ds", new() { Configuration = configuration, Warn = _ => { } });
        var error = await Assert.ThrowsAnyAsync<DltException>(() => pipeline.RunAsync(Resource.Create("items", (context, token) => One(context.Http.GetJsonAsync(server.Url + "/games", token))), Cancellation));
        Assert.Contains(server.Url + "/games", error.Message, StringComparison.Ordinal);
        Assert.Contains("3 of 3 attempts", error.Message, StringComparison.Ordinal);
        Assert.Null(await account.Glue.GetTableAsync("ds", "items", Cancellation));

        static async IAsyncEnumerable<JsonValue> One(Task<JsonValue> item)
        {
            yield return await item;
        }
    }

    [Fact]
    public async Task A_connection_that_is_cut_is_tried_again()
    {
        await using var server = new LoopbackServer(async (call, n) =>
        {
            if (n > 1)
            {
                await LoopbackServer.WriteAsync(call, "[1]");
                return;
            }

            call.Response.ContentLength64 = 100;
            await LoopbackServer.WriteAsync(call, "[1,");
            await call.Response.OutputStream.FlushAsync();
            call.Response.Abort();
        });
        using var client = Client(("RUNTIME__REQUEST_BACKOFF_FACTOR", "0"));
        Assert.Single((await client.GetJsonAsync(server.Url, Cancellation)).Items);
        Assert.Equal(2, server.Calls);
    }

    [Fact]
    public async Task A_server_that_hangs_is_given_up_after_the_timeout()
    {
        await using var server = new LoopbackServer(async (call, _) =>
        {
            call.Response.ContentLength64 = 100;
            await LoopbackServer.WriteAsync(call, "[1,");
            await call.Response.OutputStream.FlushAsync();
            await Task.Delay(TimeSpan.FromMinutes(2));
        });
        using var client = Client(("RUNTIME__REQUEST_TIMEOUT", "1"), ("RUNTIME__REQUEST_MAX_ATTEMPTS", "2"), ("RUNTIME__REQUEST_BACKOFF_FACTOR", "0"));
        var error = await Assert.ThrowsAsync<ApiException>(() => client.GetJsonAsync(server.Url + "/slow", Cancellation));
        Assert.Equal((server.Url + "/slow", 2), (error.Url, error.Attempts));
        Assert.Contains("no answer within 1 s", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_page_is_an_error_or_null_as_the_source_asks()
    {
        await using var server = LoopbackServer.OfFolder(_folder.Path);
        using var client = Client();
        Assert.Null(await client.TryGetJsonAsync(server.Url + "/none", Cancellation));
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiException>(() => client.GetJsonAsync(server.Url + "/none", Cancellation))).StatusCode);
        Assert.Equal(2, server.Calls);
    }

    [Fact]
    public async Task An_answer_that_is_no_json_names_url_line_and_place()
    {
        _folder.Write("bad.json", "{\"a\": [1,\n 2, {\"b\": tru}]}");
        await using var server = LoopbackServer.OfFolder(_folder.Path);
        using var client = Client();
        var error = await Assert.ThrowsAsync<JsonFormatException>(() => client.GetJsonAsync(server.Url + "/bad", Cancellation));
        Assert.Contains(server.Url + "/bad", error.Message, StringComparison.Ordinal);
        Assert.Contains("line 2", error.Message, StringComparison.Ordinal);
        Assert.Contains("$.a[2].b", error.Message, StringComparison.Ordinal);
    }

    private ApiClient Client(params (string, string)[] settings) => new(Some.Configuration(_folder.Path, settings));
}
