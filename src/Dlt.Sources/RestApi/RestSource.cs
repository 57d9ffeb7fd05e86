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
        var described = RestResources.Create(RestPlanner.Plan(name, config, settings: null));
        return new(name, described)
        {
            Bind = (source, configuration, pipeline) =>
            {
                var settings = new SourceSettings(configuration, name, "rest_api", pipeline);
                return Bound(source, described, RestResources.Create(RestPlanner.Plan(name, config, settings)), settings);
            },
        };
    }

    /// <summary>Replaces the resources, and keeps what was changed since: hints, limits, and which are selected.</summary>
    private static Source Bound(
        Source source, IReadOnlyList<Resource> described, IReadOnlyList<Resource> bound, SourceSettings settings)
    {
        return source with { Bind = null, Resources = [.. source.Resources.Select(Of)] };

        Resource Of(Resource used)
        {
            if (bound.FirstOrDefault(b => b.Name == used.Name) is not { } resource) return used;   // a transformer of the program
            var hasOwnHints = !ReferenceEquals(described.First(d => d.Name == used.Name).Hints, used.Hints);
            var like = resource.LikeUsed(used);
            return hasOwnHints ? like.WithHints(RestCursorSettings.Complete(used.Hints, used.Name, settings)) : like;
        }
    }
}
