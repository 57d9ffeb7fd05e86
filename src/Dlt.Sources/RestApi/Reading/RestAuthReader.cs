using Dlt.Documents;

namespace Dlt.Sources.Rest;

/// <summary>Reads an authentication: the word of its type, or an object. What is missing is read from the settings of the source.</summary>
internal static class RestAuthReader
{
    private static readonly Dictionary<string, Func<DocumentNode?, RestAuth>> Types = new()
    {
        ["bearer"] = node => new RestAuth.Bearer(Checked(node, "type", "token")?["token"]?.Text()),
        ["api_key"] = ApiKey,
        ["http_basic"] = node => new RestAuth.HttpBasic(
            Checked(node, "type", "username", "password")?["username"]?.Text(), node?["password"]?.Text()),
        ["oauth2_client_credentials"] = OAuth2,
        ["jwt"] = Jwt,
    };

    private static readonly Dictionary<string, ApiKeyLocation> Locations = new()
    {
        ["header"] = ApiKeyLocation.Header,
        ["query"] = ApiKeyLocation.Query,
        ["param"] = ApiKeyLocation.Query,
    };

    /// <exception cref="ConfigurationException">The value is not an authentication. The error shows no secret.</exception>
    public static RestAuth Read(DocumentNode node)
    {
        if (node.IsText) return Type(node, node.Text())(null);
        node.Object();
        return Type(node, node["type"] is { } type ? type.Text() : "bearer")(node);
    }

    private static Func<DocumentNode?, RestAuth> Type(DocumentNode node, string word)
    {
        if (Types.TryGetValue(word, out var known)) return known;
        var near = Internal.NearestName.Near(word, Types.Keys) is { } nearest ? $" The nearest one is '{nearest}'." : "";
        // A text that is no type may be the token itself.
        var shown = word.Length <= 20 && word.All(c => char.IsAsciiLetterLower(c) || c == '_') ? $"'{word}'" : "a text that is not shown";
        throw node.Error($"has the unknown type {shown}.{near} Known are {string.Join(", ", Types.Keys)}.");
    }

    private static RestAuth.ApiKey ApiKey(DocumentNode? node)
    {
        Checked(node, "type", "name", "api_key", "location");
        if (node?["location"] is { IsText: true } place && place.Text() == "cookie")
            throw place.Error("is 'cookie', which is not supported. Send the cookie as a header: headers: {Cookie: name=value}.");
        return new(node?["api_key"]?.Text())
        {
            Name = node?["name"]?.Text() ?? "Authorization",
            Location = node?["location"]?.Word(Locations) ?? ApiKeyLocation.Header,
        };
    }

    private static RestAuth.OAuth2ClientCredentials OAuth2(DocumentNode? node)
    {
        Checked(
            node, "type", "access_token_url", "client_id", "client_secret", "access_token_request_data", "default_token_expiration",
            "access_token", "session");
        if (node?["session"] is { } session) throw session.Error("is a Python object. In C# set Handler of the client.");
        return new()
        {
            AccessTokenUrl = node?["access_token_url"]?.Text(),
            ClientId = node?["client_id"]?.Text(),
            ClientSecret = node?["client_secret"]?.Text(),
            AccessToken = node?["access_token"]?.Text(),
            DefaultTokenExpiration = node?["default_token_expiration"]?.Int() ?? 3600,
            AccessTokenRequestData = node?["access_token_request_data"] is { } data
                ? RestParams.Of(data.Members().Select(m => KeyValuePair.Create(m.Name, RestParam.FromJson(m.Value.Value))))
                : null,
        };
    }

    private static RestAuth.JwtAssertion Jwt(DocumentNode? node)
    {
        Checked(node, "type", "client_id", "private_key", "auth_endpoint", "scopes", "headers", "private_key_passphrase",
            "default_token_expiration");
        return new()
        {
            ClientId = node?["client_id"]?.Text(),
            PrivateKey = node?["private_key"]?.Text(),
            PrivateKeyPassphrase = node?["private_key_passphrase"]?.Text(),
            AuthEndpoint = node?["auth_endpoint"]?.Text(),
            Scopes = node?["scopes"]?.Texts() ?? [],
            Headers = node?["headers"] is { } headers ? RestConfigReader.Headers(headers) : null,
            DefaultTokenExpiration = node?["default_token_expiration"]?.Int() ?? 3600,
        };
    }

    private static DocumentNode? Checked(DocumentNode? node, params string[] keys) => node?.Object(keys);
}
