using System.Collections.Immutable;

namespace Dlt.Sources.Rest;

/// <summary>Makes the resources of a plan.</summary>
internal static class RestResources
{
    /// <summary>Creates the resources in the order of the description.</summary>
    public static ImmutableArray<Resource> Create(RestPlan plan)
    {
        var made = new Dictionary<string, Resource>(StringComparer.Ordinal);
        foreach (var resource in plan.Resources) Make(plan, resource, made);
        return [.. plan.Resources.Select(r => made[r.Name])];
    }

    private static Resource Make(RestPlan plan, RestResourcePlan resource, Dictionary<string, Resource> made)
    {
        if (made.TryGetValue(resource.Name, out var known)) return known;
        var parent = resource.Parent is null ? null : Make(plan, plan[resource.Parent], made);
        var sharesTable = plan.Resources.Any(r => r.Name != resource.Name && TableOf(r) == TableOf(resource));
        var created = resource.Ready ?? Create(plan, resource with { SharesTable = sharesTable }, parent);
        if (!resource.IsSelected) created = created.Unselected();
        made.Add(resource.Name, created);
        return created;
    }

    private static string TableOf(RestResourcePlan resource) => resource.Hints.TableName ?? resource.Name;

    private static Resource Create(RestPlan plan, RestResourcePlan resource, Resource? parent)
    {
        if (parent is null)
        {
            return Resource.FromPages(
                resource.Name, (context, stop) => RestSeries.Of(plan, resource, context).ReadAsync(null, stop), resource.Hints);
        }

        return Resource.FromParent(
            resource.Name, parent, (record, context, stop) => RestSeries.Of(plan, resource, context).ReadAsync(record, stop),
            resource.Hints, new(resource.IsParallelized ? plan.Client.MaxParallelRequests : 1));
    }
}
