using System.Collections.Immutable;
using Dlt.Documents;

namespace Dlt.Sources.Rest;

/// <summary>Checks that every parent exists and that no resource depends on itself.</summary>
internal static class RestParents
{
    /// <exception cref="ConfigurationException">A parent does not exist, or resources depend on each other.</exception>
    public static void Check(ImmutableArray<RestResourcePlan> resources, DocumentOrigin errors)
    {
        var byName = resources.ToDictionary(r => r.Name, StringComparer.Ordinal);
        foreach (var resource in resources)
        {
            if (resource.Parent is not { } parent) continue;
            if (!byName.ContainsKey(parent))
            {
                var near = Internal.NearestName.Near(parent, byName.Keys) is { } nearest ? $" The nearest one is '{nearest}'." : "";
                throw errors.Error(
                    $"{resource.Place}.endpoint", $"of resource '{resource.Name}' depends on the resource '{parent}', which does not exist."
                    + near);
            }

            CheckCircle(resource, byName, errors);
        }
    }

    private static void CheckCircle(
        RestResourcePlan resource, Dictionary<string, RestResourcePlan> byName, DocumentOrigin errors)
    {
        List<RestResourcePlan> way = [resource];
        while (way[^1].Parent is { } name && byName.TryGetValue(name, out var parent))
        {
            if (parent == resource)
            {
                var paths = string.Join(", ", way.Select(r => $"'{r.Name}' with the path '{r.Path.Text}'"));
                throw errors.Error(
                    $"{resource.Place}.endpoint",
                    $"of resource '{resource.Name}' depends on itself: {paths}. Remove one of the placeholders.");
            }

            if (way.Contains(parent)) return;   // a circle of others, which is told at theirs
            way.Add(parent);
        }
    }
}
