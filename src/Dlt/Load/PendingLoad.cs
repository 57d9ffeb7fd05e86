using Dlt.Destinations;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>A package on its way to the destination.</summary>
/// <param name="Package">The package, in <c>load/normalized</c>.</param>
/// <param name="Schema">Its schema.</param>
/// <param name="Plan">What its load does.</param>
/// <param name="Rows">Rows that normalise made, by table; empty for packages of Python dlt.</param>
/// <param name="Started">When this run took it up.</param>
/// <param name="Changes">What the load changes beside adding rows.</param>
internal sealed record PendingLoad(
    LoadPackage Package, Schema Schema, LoadPlan Plan, IReadOnlyDictionary<string, long> Rows, DateTimeOffset Started, LoadChanges Changes);
