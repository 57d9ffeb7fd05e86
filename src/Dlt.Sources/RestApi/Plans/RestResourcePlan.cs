using System.Collections.Immutable;
using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>A resource that is ready to run.</summary>
internal sealed record RestResourcePlan
{
    /// <summary>Name of the resource.</summary>
    public required string Name { get; init; }

    /// <summary>Where the description of the resource is, for errors: <c>resources[1]</c>.</summary>
    public required string Place { get; init; }

    /// <summary>A resource that is written in C#; null for others. Then only the name counts.</summary>
    public Resource? Ready { get; init; }

    /// <summary>Hints of the table, with the cursor.</summary>
    public required ResourceHints Hints { get; init; }

    /// <summary>Names of the resources that the placeholders name: the parent, and ancestors of it.</summary>
    public ImmutableArray<string> ParentNames { get; init; } = [];

    /// <summary>Name of the parent whose records the requests depend on; null for none.</summary>
    public string? Parent { get; init; }

    /// <summary>Method in capitals.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Path, or a whole URL. Parameters that are bound in the path are a part of it.</summary>
    public required RestTemplate Path { get; init; }

    /// <summary>
    /// True when the path ends with a value: the answer is one record, of one page, unless selector and paginator say otherwise.
    /// </summary>
    public bool IsSingleEntity { get; init; }

    /// <summary>Parameters of the query, by templates of names; incremental ones are placeholders.</summary>
    public ImmutableArray<RestParamPlan> Params { get; init; } = [];

    /// <summary>Headers of the endpoint, by name; those of the client are not among them.</summary>
    public ImmutableArray<KeyValuePair<string, RestTemplate>> Headers { get; init; } = [];

    /// <summary>JSON body with placeholders; null for none.</summary>
    public RestJsonTemplate? Json { get; init; }

    /// <summary>Text or form with placeholders; null for none.</summary>
    public RestJsonTemplate? Data { get; init; }

    /// <summary>Paging; <see cref="RestPaginator.Auto"/> when nothing is said.</summary>
    public required RestPaginator Paginator { get; init; }

    /// <summary>Authentication without missing values; null for none.</summary>
    public RestAuth? Auth { get; init; }

    /// <summary>Path of the records; null to detect them.</summary>
    public CursorPath? DataSelector { get; init; }

    /// <summary>What to do with certain answers.</summary>
    public ImmutableArray<RestResponseAction> ResponseActions { get; init; } = [];

    /// <summary>Converts cursor values that are put into requests; null to send them unchanged.</summary>
    public Func<JsonValue, JsonValue>? Convert { get; init; }

    /// <summary>Fields of the parent that every record gets.</summary>
    public ImmutableArray<string> IncludeFromParent { get; init; } = [];

    /// <summary>Filters and changes of records.</summary>
    public ImmutableArray<RestStep> ProcessingSteps { get; init; } = [];

    /// <summary>False when the records are not loaded.</summary>
    public bool IsSelected { get; init; } = true;

    /// <summary>True when the requests for several parents run at the same time.</summary>
    public bool IsParallelized { get; init; }

    /// <summary>True to ask for changes only.</summary>
    public bool IsConditional { get; init; }

    /// <summary>True when another resource writes into the same table.</summary>
    public bool SharesTable { get; init; }

    /// <summary>True to go on from the last page after a run that failed.</summary>
    public bool ResumesPages { get; init; }
}

/// <summary>A parameter of the query.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">
/// Its value with placeholders. A cursor value (<c>{incremental.start_value}</c> alone) that is null leaves the parameter out.
/// </param>
internal sealed record RestParamPlan(RestTemplate Name, RestJsonTemplate Value);
