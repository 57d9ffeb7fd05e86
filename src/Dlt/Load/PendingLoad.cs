using Dlt.Destinations;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>A package that is being loaded.</summary>
/// <param name="Package">The package, in <c>load/normalized</c>.</param>
/// <param name="Schema">Its schema.</param>
/// <param name="Plan">Plan of the load.</param>
/// <param name="Rows">Number of normalised rows by table; empty for packages of Python dlt.</param>
/// <param name="Started">When this run began to load the package.</param>
/// <param name="Changes">Schema changes, rejects and rounded values of the package.</param>
internal sealed record PendingLoad(
    LoadPackage Package, Schema Schema, LoadPlan Plan, IReadOnlyDictionary<string, long> Rows, DateTimeOffset Started, LoadChanges Changes)
{
    /// <summary>What merges did to the rows of tables, by table; known after publishing.</summary>
    public IReadOnlyDictionary<string, MergedRows> Merged { get; init; } = new Dictionary<string, MergedRows>();
}
