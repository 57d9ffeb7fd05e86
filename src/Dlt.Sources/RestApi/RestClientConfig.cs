using Dlt.Sources.Rest;

namespace Dlt;

/// <summary>What all requests to a REST API have in common.</summary>
public sealed record RestClientConfig
{
    /// <summary>Address that paths are relative to, such as <c>https://api.example.com/v1/</c>. Paths are appended to it.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>Headers of every request; those of an endpoint take precedence.</summary>
    public RestHeaders? Headers { get; init; }

    /// <summary>Authentication of every request; null for none.</summary>
    public RestAuth? Auth { get; init; }

    /// <summary>Paging of endpoints that do not specify it; null to detect it in the first answer.</summary>
    public RestPaginator? Paginator { get; init; }

    /// <summary>Largest number of requests in a time; null for no limit.</summary>
    public RestRateLimit? RateLimit { get; init; }

    /// <summary>Largest number of requests of a parallelized resource that run at the same time.</summary>
    public int MaxParallelRequests { get; init; } = 16;

    /// <summary>
    /// Wraps the network handler, for signatures, certificates and tests. It sees every attempt and the requests for tokens. Null for none.
    /// </summary>
    public Func<HttpMessageHandler, HttpMessageHandler>? Handler { get; init; }

    /// <summary>Gets what is found out about endpoints automatically, for tests; null for nothing.</summary>
    internal Action<RestDetected>? Detected { get; init; }

    /// <summary>Describes a client that has an address only.</summary>
    public static implicit operator RestClientConfig(string baseUrl) => FromString(baseUrl);

    /// <summary>Describes a client that has an address only.</summary>
    public static RestClientConfig FromString(string baseUrl) => new() { BaseUrl = baseUrl };
}
