namespace Dlt.Extract;

/// <summary>
/// Finds the resources that a run executes: the selected ones, and the ancestors that feed them (docs/spec/pipeline.md 1.5).
/// </summary>
internal static class RunningResources
{
    /// <summary>Returns each such resource once, ancestors before the resources that they feed.</summary>
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

    /// <summary>Returns whether the resource is selected or feeds a selected one.</summary>
    public static bool Contains(Source source, Resource resource) =>
        (resource.IsSelected && source.Resources.Contains(resource))
            || source.Resources.Any(r => r.Parent?.Name == resource.Name && Contains(source, r));

    /// <summary>
    /// Returns the resource with its ancestors, root first. The source's resource of the same name is used, because its selection or hints
    /// may differ.
    /// </summary>
    private static IEnumerable<Resource> ChainOf(Source source, Resource resource)
    {
        var chain = new List<Resource>();
        for (var member = resource; member is not null; member = member.Parent)
            chain.Add(source.Resources.FirstOrDefault(r => r.Name == member.Name) ?? member);
        return Enumerable.Reverse(chain);
    }
}
