namespace Dlt.Sources.Rest;

/// <summary>Fetches tokens.</summary>
internal interface IRestTokenSource
{
    /// <summary>What the credentials are, for errors.</summary>
    string Title { get; }

    /// <summary>Fetches a token.</summary>
    /// <exception cref="ApiException">The token endpoint refused, or has no token.</exception>
    Task<(string Token, TimeSpan Lifetime)> FetchAsync(CancellationToken cancellationToken);
}

/// <summary>Sends the form of a request for a token and returns the answer as JSON.</summary>
internal delegate Task<RestAnswer> RestTokenRequest(RestRequest request, CancellationToken cancellationToken);
