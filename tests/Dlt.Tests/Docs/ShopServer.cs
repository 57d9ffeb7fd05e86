using Dlt.Tests.Support;

namespace Dlt.Tests.Docs;

/// <summary>The API of the documentation: the first page of every address has two orders, every later page is empty.</summary>
internal static class ShopServer
{
    private const string Orders = """
        [{"id": 1, "country": "de", "updated_at": "2026-01-02T03:04:05Z"}, {"id": 2, "country": "fr", "updated_at": "2026-01-03T04:05:06Z"}]
        """;

    public static LoopbackServer Start() => new(async (call, _) =>
    {
        call.Response.ContentType = "application/json";
        await LoopbackServer.WriteAsync(call, call.Request.QueryString["page"] is { } page and not ("0" or "1") ? "[]" : Orders);
    });
}
