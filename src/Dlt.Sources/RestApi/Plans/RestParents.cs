using System.Collections.Immutable;
using Dlt.Documents;

namespace Dlt.Sources.Rest;

/// <summary>Checks that every parent exists and that no resource depends on itself.</summary>
internal static class RestParents
{
    /// <summary>
    /// Chooses the parent of resources that name several: the one that all others are ancestors of. Their records are known, too, when the
    /// parent has one.
    /// </summary>
    /// <exception cref="ConfigurationException">The resources are not parent, grandparent and so on.</exception>
    public static ImmutableArray<RestResourcePlan> Choose(ImmutableArray<RestResourcePlan> resources, DocumentOrigin errors)
    {
        var byName = resources.ToDictionary(r => r.Name, StringComparer.Ordinal);
        return [.. resources.Select(r => r.ParentNames.Length < 2 ? r : r with { Parent = Chosen(r, byName, errors) })];
    }

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

    private static string Chosen(
        RestResourcePlan resource, Dictionary<string, RestResourcePlan> byName, DocumentOrigin errors)
    {
        foreach (var name in resource.ParentNames)
        {
            var ancestors = new HashSet<string>(StringComparer.Ordinal) { name };
            AddAncestors(name, byName, ancestors);
            if (!byName.ContainsKey(name) || resource.ParentNames.All(ancestors.Contains)) return name;
        }

        throw errors.Error(
            $"{resource.Place}.endpoint",
            $"of resource '{resource.Name}' depends on several resources: {string.Join(", ", resource.ParentNames)}. A resource has one "
            + "parent, and may name ancestors of it.");
    }

    private static void AddAncestors(string name, Dictionary<string, RestResourcePlan> byName, HashSet<string> found)
    {
        if (!byName.TryGetValue(name, out var resource)) return;
        foreach (var parent in resource.ParentNames)
            if (found.Add(parent)) AddAncestors(parent, byName, found);
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

            if (way.Contains(parent)) return;   // a circle of other resources, which is reported for them
            way.Add(parent);
        }
    }
}
