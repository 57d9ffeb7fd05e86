using Dlt.Hints;

namespace Dlt.Sources.Rest;

/// <summary>
/// Puts resources over the defaults (dlt documentation, REST API source, Resource defaults): keys of the endpoint replace those of the
/// defaults, parameters and JSON bodies are merged by their names, columns by their hints. The path is always that of the resource.
/// </summary>
internal static class RestDefaults
{
    public static RestResource Merge(RestResource resource, RestResourceDefaults? defaults)
    {
        if (defaults is null || resource.Ready is not null) return resource;
        return resource with
        {
            Hints = HintDefaults.Over(resource.Hints, defaults.Hints),
            Endpoint = Merge(resource.Endpoint ?? new(), defaults.Endpoint),
            IncludeFromParent = resource.IncludeFromParent.IsDefault ? defaults.IncludeFromParent : resource.IncludeFromParent,
            ProcessingSteps = resource.ProcessingSteps.IsDefault ? defaults.ProcessingSteps : resource.ProcessingSteps,
            IsSelected = resource.IsSelected ?? defaults.IsSelected,
            IsParallelized = resource.IsParallelized ?? defaults.IsParallelized,
            IsConditional = resource.IsConditional ?? defaults.IsConditional,
            ResumesPages = resource.ResumesPages ?? defaults.ResumesPages,
        };
    }

    private static RestEndpoint Merge(RestEndpoint endpoint, RestEndpoint? defaults)
    {
        if (defaults is null) return endpoint;
        return endpoint with
        {
            Method = endpoint.Method ?? defaults.Method,
            Params = Merge(endpoint.Params, defaults.Params),
            // A body of one kind replaces a default of the other.
            Json = endpoint.Data is not null && endpoint.Json is null ? null : Merge(endpoint.Json, defaults.Json),
            Data = endpoint.Data ?? (endpoint.Json is null ? defaults.Data : null),
            Headers = endpoint.Headers ?? defaults.Headers,
            Paginator = endpoint.Paginator ?? defaults.Paginator,
            Auth = endpoint.Auth ?? defaults.Auth,
            DataSelector = endpoint.DataSelector ?? defaults.DataSelector,
            ResponseActions = endpoint.ResponseActions.IsDefault ? defaults.ResponseActions : endpoint.ResponseActions,
            Incremental = endpoint.Incremental ?? defaults.Incremental,
        };
    }

    private static RestParams? Merge(RestParams? own, RestParams? defaults) =>
        own is null || defaults is null ? own ?? defaults : RestParams.Of(defaults.Concat(own));

    private static JsonValue? Merge(JsonValue? own, JsonValue? defaults) =>
        own is { Kind: JsonKind.Object } && defaults is { Kind: JsonKind.Object }
            ? JsonValue.Object(defaults.Members.Concat(own.Members))
            : own ?? defaults;
}
