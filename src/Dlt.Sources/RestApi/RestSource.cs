namespace Dlt.Sources.Rest;

/// <summary>Makes the source of an API: once when it is described, and once more when the settings of a run are known.</summary>
internal static class RestSource
{
    /// <summary>
    /// Checks the description and creates the source. The settings of a run complete it before anything is extracted, so a missing setting
    /// is found before the first request.
    /// </summary>
    public static Source Create(string name, RestApiConfig config)
    {
        var plan = RestPlanner.Plan(name, config, settings: null);
        return new(name, RestResources.Create(plan))
        {
            Bind = (source, configuration, pipeline) =>
            {
                var settings = new SourceSettings(configuration, name, "rest_api", pipeline);
                return Bound(source, RestResources.Create(RestPlanner.Plan(name, config, settings)));
            },
        };
    }

    /// <summary>Replaces the resources, and keeps what was changed since: which are selected, limits.</summary>
    private static Source Bound(Source source, IReadOnlyList<Resource> resources) => source with
    {
        Bind = null,
        Resources = [.. source.Resources.Select(r => resources.FirstOrDefault(b => b.Name == r.Name)?.LikeUsed(r) ?? r)],
    };
}
