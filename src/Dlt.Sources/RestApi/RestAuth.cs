using System.Collections.Immutable;

namespace Dlt;

/// <summary>
/// Authentication of requests. A value that is null is read from the settings of the source. Credentials are added to requests to the host
/// of the API only, and never shown.
/// </summary>
public abstract record RestAuth
{
    private protected RestAuth()
    {
    }

    /// <summary>Returns the name of the type: the text of a record has its values, and these are secrets.</summary>
    public sealed override string ToString() => GetType().Name;

    /// <summary>A token in the header <c>Authorization: Bearer …</c>.</summary>
    /// <param name="Token">The token; null for the setting <c>token</c>.</param>
    public sealed record Bearer(string? Token = null) : RestAuth;

    /// <summary>A key in a header or in the query.</summary>
    /// <param name="Key">The key; null for the setting <c>api_key</c>.</param>
    public sealed record ApiKey(string? Key = null) : RestAuth
    {
        /// <summary>Name of the header or of the parameter.</summary>
        public string Name { get; init; } = "Authorization";

        /// <summary>Where the key goes.</summary>
        public ApiKeyLocation Location { get; init; } = ApiKeyLocation.Header;
    }

    /// <summary>User name and password, as HTTP Basic.</summary>
    /// <param name="Username">The user; null for the setting <c>username</c>.</param>
    /// <param name="Password">The password; null for the setting <c>password</c>.</param>
    public sealed record HttpBasic(string? Username = null, string? Password = null) : RestAuth;

    /// <summary>OAuth 2 client credentials: a token is fetched, reused until it expires, and fetched again.</summary>
    public sealed record OAuth2ClientCredentials : RestAuth
    {
        /// <summary>Endpoint of tokens; null for the setting <c>access_token_url</c>.</summary>
        public string? AccessTokenUrl { get; init; }

        /// <summary>The client; null for the setting <c>client_id</c>.</summary>
        public string? ClientId { get; init; }

        /// <summary>Its secret; null for the setting <c>client_secret</c>.</summary>
        public string? ClientSecret { get; init; }

        /// <summary>Further fields of the form, such as <c>scope</c>. They take precedence over the usual ones.</summary>
        public RestParams? AccessTokenRequestData { get; init; }

        /// <summary>Seconds that a token is valid if the answer does not say.</summary>
        public int DefaultTokenExpiration { get; init; } = 3600;

        /// <summary>A token that is used until the API refuses it; null to fetch the first one.</summary>
        public string? AccessToken { get; init; }
    }

    /// <summary>A signed assertion (RS256) that is exchanged for a token, as service accounts do.</summary>
    public sealed record JwtAssertion : RestAuth
    {
        /// <summary>The client, issuer of the assertion; null for the setting <c>client_id</c>.</summary>
        public string? ClientId { get; init; }

        /// <summary>Private key in PEM; null for the setting <c>private_key</c>.</summary>
        public string? PrivateKey { get; init; }

        /// <summary>Passphrase of the key; null for a key without one.</summary>
        public string? PrivateKeyPassphrase { get; init; }

        /// <summary>Endpoint of tokens, and audience of the assertion; null for the setting <c>auth_endpoint</c>.</summary>
        public string? AuthEndpoint { get; init; }

        /// <summary>Scopes of the token.</summary>
        public ImmutableArray<string> Scopes { get; init; } = [];

        /// <summary>Headers of the request for a token; null for none.</summary>
        public RestHeaders? Headers { get; init; }

        /// <summary>Seconds that a token is valid if the answer does not say.</summary>
        public int DefaultTokenExpiration { get; init; } = 3600;
    }

    /// <summary>Authentication of your own.</summary>
    /// <param name="Apply">Adds the credentials to a request, before every attempt.</param>
    public sealed record Custom(Func<HttpRequestMessage, CancellationToken, ValueTask> Apply) : RestAuth
    {
        /// <summary>Renews the credentials after a 401; the request is then sent once more. Null when that is not possible.</summary>
        public Func<CancellationToken, ValueTask>? Refresh { get; init; }
    }
}
