using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>Changes that loading a package makes to a dataset. The plan is complete before the first change.</summary>
public sealed record LoadPlan
{
    /// <summary>Id of the load, which is also the name of the package: seconds since 1970 with a fraction.</summary>
    public required string LoadId { get; init; }

    /// <summary>The schema of the package.</summary>
    public required Schema Schema { get; init; }

    /// <summary>Tables to create or widen: those of <see cref="Chains"/> and the system tables of dlt.</summary>
    public required ImmutableArray<TableSchema> Prepared { get; init; }

    /// <summary>
    /// Chains to publish after staging. A table is in at most one of them. When the load is prepared, jobs have receipts only if an earlier
    /// process staged them; when it is published, committed and settled, each has the receipt that staging returned.
    /// </summary>
    public required ImmutableArray<TableChain> Chains { get; init; }

    /// <summary>Tables that a refresh drops before any table is created.</summary>
    public ImmutableArray<TableSchema> Dropped { get; init; } = [];

    /// <summary>
    /// Chains, without jobs and with the mode <see cref="WriteMode.Truncate"/>, that a refresh empties before anything is staged.
    /// </summary>
    public ImmutableArray<TableChain> Emptied { get; init; } = [];
}
