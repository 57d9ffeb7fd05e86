using Dlt.Documents;

namespace Dlt.Sources.Rest;

/// <summary>
/// Completes an authentication by the settings of a run: what is missing is read from <c>credentials</c> in the sections of the source.
/// </summary>
internal static class RestAuthSettings
{
    /// <param name="auth">The authentication; null for none.</param>
    /// <param name="place">Its place, for errors.</param>
    /// <param name="settings">Settings of the run; null before they are known: then values stay missing.</param>
    /// <param name="errors">Makes the errors.</param>
    /// <exception cref="ConfigurationException">A value is empty, or is nowhere.</exception>
    public static RestAuth? Complete(RestAuth? auth, string place, SourceSettings? settings, DocumentOrigin errors)
    {
        return auth switch
        {
            RestAuth.Bearer bearer => bearer with { Token = Secret(bearer.Token, "token") },
            RestAuth.ApiKey key => key with { Key = Secret(key.Key, "api_key") },
            RestAuth.HttpBasic basic => basic with
            {
                Username = Value(basic.Username, "username"),
                Password = Secret(basic.Password, "password"),
            },
            RestAuth.OAuth2ClientCredentials oauth => oauth with
            {
                AccessTokenUrl = Value(oauth.AccessTokenUrl, "access_token_url"),
                ClientId = Value(oauth.ClientId, "client_id"),
                ClientSecret = Secret(oauth.ClientSecret, "client_secret"),
            },
            RestAuth.JwtAssertion jwt => jwt with
            {
                ClientId = Value(jwt.ClientId, "client_id"),
                PrivateKey = Secret(jwt.PrivateKey, "private_key"),
                AuthEndpoint = Value(jwt.AuthEndpoint, "auth_endpoint"),
            },
            _ => auth,
        };

        string? Secret(string? given, string name) => Checked(given ?? settings?.OfCredentials(name, isSecret: true), name);

        string? Value(string? given, string name) => Checked(given ?? settings?.OfCredentials(name, isSecret: false), name);

        string? Checked(string? value, string name) => value is null || !string.IsNullOrWhiteSpace(value)
            ? value
            : throw errors.Error(
                $"{place}.{name}", "is empty: a variable that it comes from may not be set. Set it, or leave the key out to read it "
                + $"from sources.<source>.credentials.{name}.");
    }
}
