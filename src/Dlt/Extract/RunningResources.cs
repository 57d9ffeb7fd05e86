namespace Dlt.Extract;

/// <summary>
/// The resources that a run asks for items: those that are selected, and the ancestors that feed them (docs/spec/pipeline.md 1.5).
/// </summary>
internal static class RunningResources
{
    /// <summary>Each resource once, ancestors before the resources that they feed.</summary>
    public static IReadOnlyList<Resource> Of(Source source)
    {
        var running = new List<Resource>();
        foreach (var resource in source.Resources.Where(r => Contains(source, r)))
        {
            foreach (var member in ChainOf(source, resource))
                if (!running.Contains(member)) running.Add(member);
        }

        return running;
    }

    /// <summary>True when the resource is selected, or feeds one that is.</summary>
    public static bool Contains(Source source, Resource resource) =>
        (resource.IsSelected && source.Resources.Contains(resource))
            || source.Resources.Any(r => r.Parent?.Name == resource.Name && Contains(source, r));

    /// <summary>
    /// The resource with its ancestors, the root first. The source's own resource of a name counts: it may have another selection or other
    /// hints.
    /// </summary>
    private static IEnumerable<Resource> ChainOf(Source source, Resource resource)
    {
        var chain = new List<Resource>();
        for (var member = resource; member is not null; member = member.Parent)
            chain.Add(source.Resources.FirstOrDefault(r => r.Name == member.Name) ?? member);
        return Enumerable.Reverse(chain);
    }
}
