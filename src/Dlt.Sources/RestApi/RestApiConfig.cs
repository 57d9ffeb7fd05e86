using System.Collections.Immutable;
using Dlt.Documents;

namespace Dlt;

/// <summary>Description of a REST API (dlt documentation, REST API source).</summary>
public sealed record RestApiConfig
{
    /// <summary>Address, headers, authentication and paging of the API. A text is the address.</summary>
    public required RestClientConfig Client { get; init; }

    /// <summary>Resources of the API, each with a different name. A text is a name and, at the same time, the path.</summary>
    public required ImmutableArray<RestResource> Resources { get; init; }

    /// <summary>What resources have that do not say otherwise; null for nothing.</summary>
    public RestResourceDefaults? ResourceDefaults { get; init; }

    /// <summary>Where the description was read from, for errors.</summary>
    internal DocumentOrigin Origin { get; init; } = DocumentOrigin.Code;
}
