using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Dlt.Tests.Support;

namespace Dlt.Tests.Docs;

/// <summary>The API of docs/tutorial.md: two orders a page from <c>orders.json</c>, by <c>updated_since</c>, and their payments.</summary>
internal sealed class TutorialShop : IAsyncDisposable
{
    private readonly TempFolder _folder;
    private readonly LoopbackServer _server;

    public TutorialShop(TempFolder folder)
    {
        _folder = folder;
        _server = new(async (call, _) =>
        {
            Asked.Enqueue(Uri.UnescapeDataString(call.Request.RawUrl!));
            var isKnown = call.Request.Headers["Authorization"] == "Bearer open-sesame";
            call.Response.StatusCode = isKnown ? 200 : 401;
            call.Response.ContentType = "application/json";
            var path = call.Request.Url!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
            var query = call.Request.QueryString;
            await LoopbackServer.WriteAsync(call, (isKnown, path) switch
            {
                (false, _) => """{"message": "Who are you?"}""",
                (_, ["orders", var id, "payments"]) => $$"""[{"id": {{id}}0, "amount": 12.5}]""",
                _ => OrdersOf(query["updated_since"] ?? "", query["page"] is "2" ? 2 : 1),
            });
        });
    }

    public string Url => _server.Url;

    /// <summary>Path and query of all requests.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private string OrdersOf(string since, int page)
    {
        var pages = JsonNode.Parse(File.ReadAllText(_folder.File("orders.json")))!.AsArray()
            .Where(order => string.CompareOrdinal((string)order!["updated_at"]!, since) >= 0).Chunk(2).ToList();
        var data = (pages.ElementAtOrDefault(page - 1) ?? []).Select(order => order!.ToJsonString());
        var next = page < pages.Count ? $"\"/orders?updated_since={Uri.EscapeDataString(since)}&page={page + 1}\"" : "null";
        return $$"""{"data": [{{string.Join(", ", data)}}], "next": {{next}}}""";
    }
}
