using Microsoft.OpenApi;

namespace Dlt.Cli.OpenApi;

/// <summary>Finds the authentication of an API in its security schemes.</summary>
internal static class Security
{
    /// <summary>Returns the first scheme that is required and that the source has, first of the document, then of operations.</summary>
    public static ApiAuth Find(OpenApiDocument document, IEnumerable<OpenApiOperation> operations)
    {
        var requirements = (document.Security ?? []).Concat(operations.SelectMany(o => o.Security ?? []));
        var required = requirements.SelectMany(r => r.Keys).Select(s => s.Target).OfType<IOpenApiSecurityScheme>().ToList();
        if (required.Select(Of).FirstOrDefault(a => a is not null) is { } auth) return auth;
        if (required.Count > 0)
            return new(null, [], $"Fill in: the authentication '{required[0].Type}' has no counterpart. Auth = new RestAuth.Custom(…).");
        var offered = document.Components?.SecuritySchemes?.Values.Select(Of).FirstOrDefault(a => a is not null);
        return offered is null ? new(null, []) : new(
            null, [], $"Check: the document requires no authentication, but describes one: Auth = {offered.Code}.");
    }

    private static ApiAuth? Of(IOpenApiSecurityScheme scheme) => scheme.Type switch
    {
        SecuritySchemeType.Http when IsScheme(scheme, "basic") => new("new RestAuth.HttpBasic()", ["username", "password"]),
        SecuritySchemeType.Http when IsScheme(scheme, "bearer") => new("new RestAuth.Bearer()", ["token"]),
        SecuritySchemeType.ApiKey when scheme.In == ParameterLocation.Header => new(
            $"new RestAuth.ApiKey() {{ Name = {Names.Literal(scheme.Name ?? "Authorization")} }}", ["api_key"]),
        SecuritySchemeType.ApiKey when scheme.In == ParameterLocation.Query => new(
            $"new RestAuth.ApiKey() {{ Name = {Names.Literal(scheme.Name ?? "api_key")}, Location = ApiKeyLocation.Query }}", ["api_key"]),
        SecuritySchemeType.OAuth2 when scheme.Flows?.ClientCredentials?.TokenUrl is { } url => new(
            $"new RestAuth.OAuth2ClientCredentials {{ AccessTokenUrl = {Names.Literal(url.OriginalString)} }}",
            ["client_id", "client_secret"],
            url.IsAbsoluteUri ? null : "Fill in: the address of tokens is relative in the document. Write the whole of it."),
        SecuritySchemeType.OAuth2 or SecuritySchemeType.OpenIdConnect => new(
            "new RestAuth.Bearer()", ["token"],
            "Check: the document has a login in a browser (OAuth 2). A token that it gave goes into 'token'."),
        _ => null,
    };

    private static bool IsScheme(IOpenApiSecurityScheme scheme, string name) =>
        string.Equals(scheme.Scheme, name, StringComparison.OrdinalIgnoreCase);
}
