using System.Collections.Immutable;

namespace Dlt.Sources.Rest;

/// <summary>An API that is ready to run: defaults are merged, settings are read, parents are known. Nothing in it can be missing.</summary>
/// <param name="Name">Name of the source.</param>
/// <param name="Client">The client as described; headers, handler, rate limit.</param>
/// <param name="Resources">Resources in the order of the description.</param>
internal sealed record RestPlan(string Name, RestClientConfig Client, ImmutableArray<RestResourcePlan> Resources)
{
    /// <summary>True when the settings of a run have completed it. Before, credentials may be missing.</summary>
    public bool IsBound { get; init; }

    /// <summary>The resource of that name.</summary>
    public RestResourcePlan this[string name] => Resources.First(r => r.Name == name);
}
