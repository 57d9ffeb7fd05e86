using System.Globalization;

namespace Dlt.Sources.Rest;

/// <summary>Reads the answer of a token endpoint (RFC 6749, 5.1).</summary>
internal static class RestTokenAnswer
{
    private const double LongestLifetime = 1e9;

    /// <summary>Returns the token and its lifetime.</summary>
    /// <param name="answer">Answer of the endpoint.</param>
    /// <param name="defaultSeconds">Lifetime when the answer does not say.</param>
    /// <exception cref="ApiException">The answer has no token. The error does not show the answer.</exception>
    public static (string Token, TimeSpan Lifetime) Read(RestAnswer answer, int defaultSeconds)
    {
        var json = JsonOf(answer);
        if (json is not { Kind: JsonKind.Object } || json["access_token"] is not { Kind: JsonKind.String } token)
        {
            var what = json is { Kind: JsonKind.Object } ? $"it has {Names(json)}" : "it is no JSON object";
            throw new ApiException(
                $"The token endpoint {answer.Url} answered {answer.StatusCode} without 'access_token': {what}. "
                + "Nothing of this run was loaded, and the state is as before. Check access_token_url and the fields that it wants.")
            { Url = answer.Url, StatusCode = answer.StatusCode, Attempts = 1 };
        }

        return (token.AsString(), TimeSpan.FromSeconds(Math.Clamp(Seconds(json["expires_in"]) ?? defaultSeconds, 0, LongestLifetime)));
    }

    private static JsonValue? JsonOf(RestAnswer answer)
    {
        try
        {
            return answer.Json;
        }
        catch (JsonFormatException)
        {
            return null;   // its message would quote the answer, which may hold a token
        }
    }

    private static string Names(JsonValue json) =>
        json.Members.Count == 0 ? "no fields" : "the fields " + string.Join(", ", json.Members.Names.Take(10));

    private static double? Seconds(JsonValue? value) => value switch
    {
        { Kind: JsonKind.Integer or JsonKind.Real } => value.AsDouble(),
        { Kind: JsonKind.String } when double.TryParse(value.AsString(), CultureInfo.InvariantCulture, out var seconds) => seconds,
        _ => null,
    };
}
