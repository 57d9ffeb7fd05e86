namespace Dlt.Sources.Rest;

/// <summary>Tokens for a client and its secret (RFC 6749, 4.4).</summary>
internal sealed class RestClientToken(RestAuth.OAuth2ClientCredentials client, RestTokenRequest send) : IRestTokenSource
{
    /// <inheritdoc/>
    public string Title => "'auth' of the type oauth2_client_credentials";

    /// <inheritdoc/>
    public async Task<(string Token, TimeSpan Lifetime)> FetchAsync(CancellationToken cancellationToken)
    {
        var form = JsonValue.Object(
            ("client_id", JsonValue.String(client.ClientId)),
            ("client_secret", JsonValue.String(client.ClientSecret)),
            ("grant_type", JsonValue.String("client_credentials")));
        foreach (var (name, value) in client.AccessTokenRequestData ?? [])
            if (value is RestParam.Value { Json: var json }) form = form.With(name, json);
        var request = new RestRequest(HttpMethod.Post, client.AccessTokenUrl!) { Data = form };
        return RestTokenAnswer.Read(await send(request, cancellationToken).ConfigureAwait(false), client.DefaultTokenExpiration);
    }
}
