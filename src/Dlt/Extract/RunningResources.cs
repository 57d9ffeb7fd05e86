namespace Dlt.Extract;

/// <summary>
/// The resources that a run executes: the selected ones, and the ancestors that feed them (docs/spec/pipeline.md 1.5).
/// </summary>
internal sealed class RunningResources
{
    private readonly HashSet<Resource> _selected;
    private readonly ILookup<string, Resource> _children;
    private readonly Dictionary<Resource, bool> _needed = [];
    private readonly ILookup<string, Resource> _transformers;

    /// <summary>Finds the resources of a source.</summary>
    public RunningResources(Source source)
    {
        _selected = [.. source.Resources.Where(r => r.IsSelected)];
        _children = source.Resources.Where(r => r.Parent is not null).ToLookup(r => r.Parent!.Name, StringComparer.Ordinal);
        var byName = source.Resources.ToDictionary(r => r.Name, StringComparer.Ordinal);
        var running = source.Resources.Where(IsNeeded).SelectMany(r => ChainOf(r, byName)).Distinct();
        All = [.. running];
        _transformers = source.Resources.Where(r => r.Parent is not null && IsNeeded(r))
            .ToLookup(r => r.Parent!.Name, StringComparer.Ordinal);
    }

    /// <summary>Each such resource once, ancestors before the resources that they feed.</summary>
    public IReadOnlyList<Resource> All { get; }

    /// <summary>True when the items of a resource are loaded.</summary>
    public bool IsLoaded(Resource resource) => _selected.Contains(resource);

    /// <summary>The running transformers of the items of a resource, in the order of the source.</summary>
    public IEnumerable<Resource> TransformersOf(Resource resource) => _transformers[resource.Name];

    /// <summary>True when a running transformer receives the items of a resource.</summary>
    public bool HasTransformers(Resource resource) => _transformers.Contains(resource.Name);

    /// <summary>True when the resource is selected or feeds a selected one.</summary>
    private bool IsNeeded(Resource resource)
    {
        if (_needed.TryGetValue(resource, out var known)) return known;
        return _needed[resource] = _selected.Contains(resource) || _children[resource.Name].Any(IsNeeded);
    }

    /// <summary>
    /// Returns the resource with its ancestors, root first. The source's resource of the same name is used, because its selection or hints
    /// may differ.
    /// </summary>
    private static IEnumerable<Resource> ChainOf(Resource resource, Dictionary<string, Resource> byName)
    {
        var chain = new List<Resource>();
        for (var member = resource; member is not null; member = member.Parent)
            chain.Add(byName.GetValueOrDefault(member.Name, member));
        chain.Reverse();
        return chain;
    }
}
