using System.Collections.Immutable;
using Dlt.Documents;

namespace Dlt.Sources.Rest;

/// <summary>Reads the description of an API in the shape of dlt's <c>rest_api</c> configuration.</summary>
internal static class RestConfigReader
{
    internal static readonly string[] RootKeys = ["client", "resources", "resource_defaults"];

    private static readonly string[] ClientKeys =
        ["base_url", "headers", "auth", "paginator", "session", "rate_limit", "max_parallel_requests"];

    private static readonly ImmutableArray<string> DefaultsKeys =
    [
        .. HintsReader.Keys, "endpoint", "include_from_parent", "processing_steps", "selected", "parallelized", "conditional", "resume",
    ];

    private static readonly ImmutableArray<string> ResourceKeys = ["name", .. DefaultsKeys];

    /// <exception cref="ConfigurationException">The document is not such a description. The error names the place.</exception>
    public static RestApiConfig Read(DocumentNode root)
    {
        root.Object(RootKeys);
        return new()
        {
            Client = Client(root.Required("client")),
            Resources = [.. root.Required("resources").Items().Select(Resource)],
            ResourceDefaults = root["resource_defaults"] is { } defaults ? Defaults(defaults) : null,
            Origin = root.Origin.Below(root.Place),
        };
    }

    private static RestClientConfig Client(DocumentNode node)
    {
        node.Object(ClientKeys);
        if (node["session"] is { } session) throw session.Error("is a Python object. In C# set Handler of the client.");
        return new()
        {
            BaseUrl = node.Required("base_url").Text(),
            Headers = node["headers"] is { } headers ? Headers(headers) : null,
            Auth = node["auth"] is { } auth ? RestAuthReader.Read(auth) : null,
            Paginator = node["paginator"] is { } paginator ? RestPaginatorReader.Read(paginator) : null,
            RateLimit = node["rate_limit"] is { } limit ? RateLimit(limit) : null,
            MaxParallelRequests = node["max_parallel_requests"]?.Int() ?? 16,
        };
    }

    private static RestRateLimit RateLimit(DocumentNode node)
    {
        node.Object(["requests", "per_seconds"]);
        return new(node.Required("requests").Int(), TimeSpan.FromSeconds(node["per_seconds"]?.Int() ?? 1));
    }

    private static RestResource Resource(DocumentNode node)
    {
        if (node.IsText) return node.Text();
        node.Object(ResourceKeys);
        var name = node.Required("name").Text();
        var common = Common(node);
        return new(name)
        {
            Hints = common.Hints,
            Endpoint = node["endpoint"] is { } endpoint ? Endpoint(endpoint) : null,
            IncludeFromParent = common.IncludeFromParent,
            ProcessingSteps = common.ProcessingSteps,
            IsSelected = common.IsSelected,
            IsParallelized = common.IsParallelized,
            IsConditional = common.IsConditional,
            ResumesPages = common.ResumesPages,
        };
    }

    private static RestEndpoint Endpoint(DocumentNode node) => node.IsText ? node.Text() : RestEndpointReader.Read(node);

    private static RestResourceDefaults Defaults(DocumentNode node)
    {
        node.Object(DefaultsKeys);
        if (node["endpoint"] is { IsObject: false } endpoint)
            throw endpoint.Wrong("an object (the path of every resource is its own)");
        return Common(node) with { Endpoint = node["endpoint"] is { } given ? RestEndpointReader.Read(given) : null };
    }

    /// <summary>What resources and their defaults have in common, without the endpoint.</summary>
    private static RestResourceDefaults Common(DocumentNode node) => new()
    {
        Hints = HintsReader.Read(node),
        IncludeFromParent = node["include_from_parent"] is { } fields ? [.. fields.Items().Select(f => f.Text())] : default,
        ProcessingSteps = node["processing_steps"] is { } steps ? Steps(steps) : default,
        IsSelected = node["selected"]?.Bool(),
        IsParallelized = node["parallelized"]?.Bool(),
        IsConditional = node["conditional"]?.Bool(),
        ResumesPages = node["resume"]?.Bool(),
    };

    /// <summary>Steps are functions, so a document can only have none.</summary>
    private static ImmutableArray<RestStep> Steps(DocumentNode node)
    {
        foreach (var step in node.Items())
        {
            var name = step.Object(["filter", "map", "yield_map"]).Value.Members.Names.FirstOrDefault() ?? "filter";
            throw (step[name] ?? step).Error(
                $"must be a function ('{name}'), which a document cannot have. In C# set ProcessingSteps of the resource.");
        }

        return [];
    }

    /// <summary>Reads headers, which are texts.</summary>
    internal static RestHeaders Headers(DocumentNode node) => RestHeaders.Of(node.Members().Select(h =>
        KeyValuePair.Create(h.Name, h.Value.IsText ? h.Value.Text() : throw h.Value.Wrong("a text (in quotes)"))));
}
