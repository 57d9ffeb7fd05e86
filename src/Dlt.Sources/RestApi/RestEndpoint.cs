using System.Collections.Immutable;

namespace Dlt;

/// <summary>An endpoint of a REST API. What is null comes from the defaults of the resources.</summary>
/// <remarks>
/// Path, parameters, headers and body may have the placeholders <c>{resources.&lt;parent&gt;.&lt;path&gt;}</c>, for a field of the parent's
/// record, and <c>{incremental.start_value}</c>. Literal braces are doubled.
/// </remarks>
public sealed record RestEndpoint
{
    /// <summary>Path below the address of the client, or a whole URL; null for the name of the resource.</summary>
    public string? Path { get; init; }

    /// <summary>Method in capitals; null for GET.</summary>
    public string? Method { get; init; }

    /// <summary>Parameters of the query. One whose name is a placeholder <c>{name}</c> of the path goes there instead.</summary>
    public RestParams? Params { get; init; }

    /// <summary>Body that is sent as JSON. It excludes <see cref="Data"/>.</summary>
    public JsonValue? Json { get; init; }

    /// <summary>Body: a text that is sent as it is, or an object or a list of pairs that is sent as a form.</summary>
    public JsonValue? Data { get; init; }

    /// <summary>Headers, above those of the client.</summary>
    public RestHeaders? Headers { get; init; }

    /// <summary>Paging; null for that of the client.</summary>
    public RestPaginator? Paginator { get; init; }

    /// <summary>Authentication; null for that of the client.</summary>
    public RestAuth? Auth { get; init; }

    /// <summary>JSONPath of the records in an answer, such as <c>data.items</c>; null to detect them.</summary>
    public string? DataSelector { get; init; }

    /// <summary>What to do with certain answers; the first one whose conditions hold counts.</summary>
    public ImmutableArray<RestResponseAction> ResponseActions { get; init; }

    /// <summary>Incremental loading, with the parameters that get its values; null for none.</summary>
    public RestIncremental? Incremental { get; init; }

    /// <summary>Describes an endpoint that has a path only.</summary>
    public static implicit operator RestEndpoint(string path) => FromString(path);

    /// <summary>Describes an endpoint that has a path only.</summary>
    public static RestEndpoint FromString(string path) => new() { Path = path };
}
