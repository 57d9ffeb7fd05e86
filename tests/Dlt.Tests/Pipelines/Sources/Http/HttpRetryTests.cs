using System.Net;
using System.Net.Sockets;
using System.Text;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Sources.Http;

/// <summary>When and how a request of a source is sent again, and when the retries end.</summary>
public sealed class HttpRetryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData(429), InlineData(500), InlineData(503)]
    public async Task An_answer_that_may_get_better_is_asked_for_again(int status)
    {
        await using var server = FailingAtFirst(status, failures: 2);
        using var api = new ApiSource(_folder);
        Assert.True((await api.Client().GetJsonAsync(server.Url + "/x", Cancellation))["ok"]!.AsBool());
        Assert.Equal(3, server.Calls);
    }

    [Theory]
    [InlineData("GET", 500, 2)]
    [InlineData("PUT", 502, 2)]
    [InlineData("DELETE", 504, 2)]
    [InlineData("POST", 429, 2)]
    [InlineData("POST", 503, 2)]
    [InlineData("PATCH", 429, 2)]
    [InlineData("POST", 500, 1)]
    [InlineData("POST", 504, 1)]
    [InlineData("PATCH", 500, 1)]
    [InlineData("GET", 400, 1)]
    [InlineData("GET", 401, 1)]
    public async Task A_request_is_repeated_only_where_that_does_nothing_twice(string method, int status, int calls)
    {
        await using var server = FailingAtFirst(status, failures: 1);
        using var api = new ApiSource(_folder);
        using var request = new HttpRequestMessage(new HttpMethod(method), server.Url + "/x");
        using var answer = await api.Client().SendAsync(request, Cancellation);
        Assert.Equal((calls, calls == 1 ? status : 200), (server.Calls, (int)answer.StatusCode));
    }

    [Theory, InlineData(303, "POST", 1), InlineData(302, "POST", 1), InlineData(307, "POST", 1), InlineData(302, "GET", 2)]
    public async Task A_request_that_was_done_is_not_repeated_because_of_where_it_was_sent_on_to(int redirect, string method, int calls)
    {
        await using var target = FailingAtFirst(503, failures: 1);
        await using var server = new LoopbackServer((call, _) =>
        {
            call.Response.StatusCode = redirect;
            call.Response.RedirectLocation = target.Url + "/result";
            return Task.CompletedTask;
        });
        using var api = new ApiSource(_folder);
        using var request = new HttpRequestMessage(new HttpMethod(method), server.Url + "/orders");
        using var answer = await api.Client().SendAsync(request, Cancellation);
        Assert.Equal((calls, calls == 1 ? 503 : 200), (server.Calls, (int)answer.StatusCode));
    }

    [Fact]
    public async Task A_body_and_headers_are_sent_again_with_the_request()
    {
        var seen = new List<string>();
        await using var server = new LoopbackServer(async (call, n) =>
        {
            using var reader = new StreamReader(call.Request.InputStream);
            seen.Add($"{call.Request.Headers["Authorization"]} {call.Request.ContentType} {await reader.ReadToEndAsync()}");
            if (n < 3) call.Response.StatusCode = 503;
            else await LoopbackServer.WriteAsync(call, "[]");
        });
        using var api = new ApiSource(_folder);
        using var body = new StreamContent(new OneWayStream("""{"since":1}"""));
        body.Headers.ContentType = new("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url + "/search") { Content = body };
        request.Headers.Authorization = new("Bearer", "key");
        await api.Client().SendJsonAsync(request, Cancellation);
        Assert.Equal(Enumerable.Repeat("""Bearer key application/json {"since":1}""", 3), seen);
    }

    [Fact]
    public async Task A_login_that_a_redirect_dropped_is_sent_again_to_its_own_server()
    {
        await using var target = FailingAtFirst(503, failures: 1);
        var seen = new List<string?>();
        await using var server = new LoopbackServer((call, _) =>
        {
            seen.Add(call.Request.Headers["Authorization"]);
            call.Response.Redirect(target.Url + "/file");
            return Task.CompletedTask;
        });
        using var api = new ApiSource(_folder);
        var http = api.Client();
        http.DefaultRequestHeaders.Authorization = new("Bearer", "key");
        await http.GetJsonAsync(server.Url + "/file", Cancellation);
        Assert.Equal(["Bearer key", "Bearer key"], seen);
    }

    [Theory]
    [InlineData("7", 7)]
    [InlineData("3600", 300)]
    [InlineData("Wed, 06 May 2026 07:08:39 GMT", 30)]
    public async Task Retry_after_is_respected_up_to_a_limit_and_reported_to_the_user(string header, int seconds)
    {
        await using var server = FailingAtFirst(429, failures: 1, header);
        using var api = new ApiSource(_folder);
        await api.Client().GetJsonAsync(server.Url + "/x?api_key=HUSH", Cancellation);
        Assert.Equal([TimeSpan.FromSeconds(seconds)], api.Clock.Waits);
        Assert.Equal(
            [$"GET {server.Url}/x?… answered 429 Too Many Requests. That was attempt 1 of 5; the next one follows in {seconds} s."],
            api.Said);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("Wed, 06 May 2020 07:08:39 GMT")]
    public async Task A_retry_after_that_is_over_does_not_shorten_the_wait(string header)
    {
        await using var server = FailingAtFirst(429, failures: 1, header);
        using var api = new ApiSource(_folder, ("RUNTIME__REQUEST_BACKOFF_FACTOR", "40"));
        await api.Client().GetJsonAsync(server.Url + "/x", Cancellation);
        Assert.InRange(Assert.Single(api.Clock.Waits), TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(40));
    }

    [Fact]
    public async Task A_connection_that_is_cut_within_the_body_is_tried_again()
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
        using var api = new ApiSource(_folder);
        Assert.Single((await api.Client().GetJsonAsync(server.Url, Cancellation)).Items);
        Assert.Equal(2, server.Calls);
    }

    [Theory]
    [InlineData("[1,", "no data arrived for 1 s")]
    [InlineData("", "no answer within 1 s")]
    public async Task A_server_that_hangs_is_given_up_after_the_timeout(string beginning, string what)
    {
        var end = new TaskCompletionSource();
        await using var server = new LoopbackServer(async (call, _) =>
        {
            if (beginning.Length > 0)
            {
                call.Response.ContentLength64 = 100;
                await LoopbackServer.WriteAsync(call, beginning);
                await call.Response.OutputStream.FlushAsync();
            }

            await end.Task;
        });
        using var api = new ApiSource(_folder, ("RUNTIME__REQUEST_TIMEOUT", "1"), ("RUNTIME__REQUEST_MAX_ATTEMPTS", "2"));
        var error = await Assert.ThrowsAsync<ApiException>(() => api.Client().GetJsonAsync(server.Url + "/slow", Cancellation));
        end.SetResult();
        Assert.Equal((server.Url + "/slow", 2, true), (error.Url, error.Attempts, error.IsTransient));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_read_as_a_stream_is_given_up_when_nothing_comes()
    {
        var end = new TaskCompletionSource();
        await using var server = new LoopbackServer(async (call, _) =>
        {
            call.Response.ContentLength64 = 100;
            await LoopbackServer.WriteAsync(call, "abc");
            await call.Response.OutputStream.FlushAsync();
            await end.Task;
        });
        using var api = new ApiSource(_folder, ("RUNTIME__REQUEST_TIMEOUT", "1"));
        await using var stream = await api.Client().GetStreamAsync(server.Url, Cancellation);
        using var reader = new StreamReader(stream);
        var error = await Assert.ThrowsAsync<IOException>(() => reader.ReadToEndAsync(Cancellation));
        end.SetResult();
        Assert.Contains("no data arrived for 1 s", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task A_host_that_never_answered_is_given_up_within_ten_seconds(string method)
    {
        using var api = new ApiSource(_folder);
        using var request = new HttpRequestMessage(new HttpMethod(method), NobodysUrl() + "/x?key=HUSH");
        var error = await Assert.ThrowsAsync<ApiException>(() => api.Client().SendJsonAsync(request, Cancellation));
        Assert.InRange(api.Clock.Waits.Sum(w => w.TotalSeconds), 0.1, 10);
        Assert.InRange(error.Attempts, 3, 5);
        Assert.Contains($"({error.Attempts} of 5 attempts)", error.Message, StringComparison.Ordinal);
        Assert.Contains("refused", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_answered_before_gets_all_attempts()
    {
        var server = FailingAtFirst(500, failures: 0);
        using var api = new ApiSource(_folder, ("RUNTIME__REQUEST_BACKOFF_FACTOR", "30"));
        var http = api.Client();
        await using (server) await http.GetJsonAsync(server.Url, Cancellation);
        var error = await Assert.ThrowsAsync<ApiException>(() => http.GetJsonAsync(server.Url, Cancellation));
        Assert.Equal((5, 4), (error.Attempts, api.Clock.Waits.Count));
    }

    private static LoopbackServer FailingAtFirst(int status, int failures, string? retryAfter = null) => new(async (call, n) =>
    {
        if (retryAfter is not null) call.Response.Headers["Retry-After"] = retryAfter;
        if (n <= failures) call.Response.StatusCode = status;
        else await LoopbackServer.WriteAsync(call, """{"ok":true}""");
    });

    /// <summary>An address without a server.</summary>
    private static string NobodysUrl()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
    }

    /// <summary>A stream that can be read once.</summary>
    private sealed class OneWayStream(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
    {
        public override bool CanSeek => false;
    }
}
