using System.Collections.Immutable;

namespace Dlt.Sources.Rest;

/// <summary>Makes the resources of a plan.</summary>
internal static class RestResources
{
    /// <summary>Creates the resources, each after its parent.</summary>
    public static ImmutableArray<Resource> Create(RestPlan plan) => throw new NotImplementedException(plan.Name);
}
