using Dlt.Sources.Http;

namespace Dlt.Sources.Rest;

/// <summary>Notices answers of GraphQL that have errors instead of data, although their status is one of success.</summary>
internal static class RestGraphErrors
{
    private const int ShownLetters = 200;

    /// <exception cref="ApiException">The answer has errors and no data.</exception>
    public static void Check(JsonValue body, RestExchange exchange)
    {
        if (body.Kind != JsonKind.Object || body["errors"] is not { Kind: JsonKind.Array, Items.Length: > 0 }) return;
        if (HasData(body["data"])) return;
        var errors = exchange.Answer.Json["errors"]!.Items;
        var said = errors[0] is { Kind: JsonKind.Object } first && first["message"] is { Kind: JsonKind.String } message
            ? message.AsString()
            : errors[0].ToString();
        said = SentCredentials.Hide(said, exchange.Call.Attempt ?? exchange.Call.Request);
        var shown = said.Length > ShownLetters ? said[..ShownLetters] + "…" : said;
        throw new ApiException(
            $"{exchange.Call.Title} answered {exchange.Answer.StatusCode} with 'errors' and without data: "
            + $"{shown} Nothing of this run was loaded, and the state is as before. Correct the query or its variables.")
        { Url = exchange.Answer.Url, StatusCode = exchange.Answer.StatusCode, Attempts = exchange.Call.Attempts };
    }

    /// <summary>Returns whether a field has data. A field that may be null is null when it failed (GraphQL, 6.4.4).</summary>
    private static bool HasData(JsonValue? data) => data switch
    {
        null or { IsNull: true } => false,
        { Kind: JsonKind.Object } => data.Members.Any(m => !m.Value.IsNull),
        _ => true,
    };
}
