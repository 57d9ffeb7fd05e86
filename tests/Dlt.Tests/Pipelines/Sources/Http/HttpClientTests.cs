using System.Runtime.CompilerServices;
using Dlt.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Sources.Http;

/// <summary><c>context.Http</c> behaves like any HttpClient.</summary>
public sealed class HttpClientTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Headers_and_base_address_of_one_resource_are_not_those_of_another()
    {
        var seen = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        await using var server = Echo(seen);
        await Some.Pipeline(Some.Account(_folder)).RunAsync(
            [
                Resource.Create("first", (context, stop) => ItemsAsync(context, server.Url + "/a/", "Bearer one", stop)),
                Resource.Create("second", (context, stop) => ItemsAsync(context, server.Url + "/b/", null, stop)),
            ],
            Cancellation);
        Assert.Equal(["/a/items: Bearer one", "/b/items: "], seen.Select(s => $"{s.Key}: {s.Value}"));
    }

    [Fact]
    public async Task A_transformer_may_set_up_its_client_for_every_item()
    {
        var seen = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        await using var server = Echo(seen);
        var ids = Resource.Create("ids", [1, 2, 3]).Unselected();
        var details = ids.Transform<int, JsonValue>(
            "details", (id, context, stop) => ItemsAsync(context, $"{server.Url}/{id}/", $"Bearer {id}", stop));
        var info = await Some.Pipeline(Some.Account(_folder)).RunAsync([ids, details], Cancellation);
        Assert.Equal(["/1/items: Bearer 1", "/2/items: Bearer 2", "/3/items: Bearer 3"], seen.Select(s => $"{s.Key}: {s.Value}"));
        Assert.Equal(3, info.RowCounts["details"]);
    }

    [Fact]
    public async Task A_post_sends_json_and_reads_json()
    {
        await using var server = new LoopbackServer(async (call, _) =>
        {
            using var reader = new StreamReader(call.Request.InputStream);
            await LoopbackServer.WriteAsync(call, $"[\"{call.Request.ContentType}\",{await reader.ReadToEndAsync()}]");
        });
        using var api = new ApiSource(_folder);
        var http = api.Client();
        var body = new { Since = new DateOnly(2026, 5, 6), tags = new[] { "a", "b" }, raw = Some.Item("""{"x":1.50}""") };
        Assert.Equal(
            """["application/json; charset=utf-8",{"since":"2026-05-06","tags":["a","b"],"raw":{"x":1.5}}]""",
            JsonText.Write(await http.PostJsonAsync(server.Url, body, Cancellation)));
        Assert.Equal(
            """["application/json; charset=utf-8",{"a":null}]""",
            JsonText.Write(await http.PostJsonAsync(server.Url, Some.Item("""{"a":null}"""), Cancellation)));
    }

    [Fact]
    public async Task Json_in_another_character_set_is_read_by_its_declaration()
    {
        await using var server = new LoopbackServer(async (call, _) =>
        {
            call.Response.ContentType = "application/json; charset=iso-8859-1";
            await call.Response.OutputStream.WriteAsync(System.Text.Encoding.Latin1.GetBytes("""["Skoda é"]"""));
        });
        using var api = new ApiSource(_folder);
        Assert.Equal("Skoda é", (await api.Client().GetJsonAsync(server.Url, Cancellation)).Items[0].AsString());
    }

    [Fact]
    public async Task Handlers_of_the_program_see_every_attempt_and_the_next_run_gets_new_ones()
    {
        var signed = new List<string?>();
        await using var server = new LoopbackServer(async (call, n) =>
        {
            signed.Add(call.Request.Headers["X-Signature"]);
            if (n == 1) call.Response.StatusCode = 503;
            else await LoopbackServer.WriteAsync(call, "[]");
        });
        var made = 0;
        var account = Some.Account(_folder);
        var pipeline = Pipeline.Create("pipe", Athena.Destination(account), "ds", new()
        {
            Configuration = Some.Configuration(account.Folder, ("RUNTIME__REQUEST_BACKOFF_FACTOR", "0")),
            Warn = _ => { },
            HttpHandler = network => new SigningHandler($"run {++made}") { InnerHandler = network },
        });
        var items = Resource.Create("items", (context, stop) => ItemsAsync(context, server.Url + "/", null, stop));
        for (var run = 0; run < 2; run++) await pipeline.RunAsync(items, Cancellation);
        Assert.Equal(["run 1, request 1", "run 1, request 2", "run 2, request 1"], signed);
    }

    [Fact]
    public async Task A_timeout_of_the_program_ends_the_resource_and_not_the_process()
    {
        var end = new TaskCompletionSource();
        await using var server = new LoopbackServer(async (_, _) => await end.Task);
        var items = Resource.Create("items", (context, stop) => HangingAsync(context, stop));
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(Some.Account(_folder)).RunAsync(items, Cancellation));
        end.SetResult();
        Assert.StartsWith("Resource 'items' failed: ", error.Message, StringComparison.Ordinal);

        async IAsyncEnumerable<JsonValue> HangingAsync(
            ResourceContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            context.Http.Timeout = TimeSpan.FromMilliseconds(50);
            await context.Http.GetStringAsync(server.Url, cancellationToken);
            yield break;
        }
    }

    private static LoopbackServer Echo(IDictionary<string, string?> seen) => new(async (call, _) =>
    {
        lock (seen) seen[call.Request.Url!.AbsolutePath] = call.Request.Headers["Authorization"];
        await LoopbackServer.WriteAsync(call, """[{"ok":true}]""");
    });

    private static async IAsyncEnumerable<JsonValue> ItemsAsync(
        ResourceContext context, string baseAddress, string? login, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        context.Http.BaseAddress = new(baseAddress);
        if (login is not null) context.Http.DefaultRequestHeaders.Add("Authorization", login);
        yield return await context.Http.GetJsonAsync("items", cancellationToken);
    }

    private sealed class SigningHandler(string name) : DelegatingHandler
    {
        private int _requests;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Add("X-Signature", $"{name}, request {++_requests}");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
