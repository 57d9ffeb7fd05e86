using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt.Destinations;

/// <summary>What a package does to a dataset, known before anything of it is changed.</summary>
public sealed record LoadPlan
{
    /// <summary>The load: the package's name, seconds since 1970 with a fraction.</summary>
    public required string LoadId { get; init; }

    /// <summary>The schema of the package.</summary>
    public required Schema Schema { get; init; }

    /// <summary>Tables to create or to widen: those of <see cref="Chains"/>, and the bookkeeping tables of dlt.</summary>
    public required ImmutableArray<TableSchema> Prepared { get; init; }

    /// <summary>Chains that are published after staging. A table is in one of them at most.</summary>
    public required ImmutableArray<TableChain> Chains { get; init; }

    /// <summary>Tables that a refresh removes before anything is created.</summary>
    public ImmutableArray<TableSchema> Dropped { get; init; } = [];

    /// <summary>
    /// Chains, without jobs and with the mode <see cref="WriteMode.Truncate"/>, that a refresh empties before anything is staged.
    /// </summary>
    public ImmutableArray<TableChain> Emptied { get; init; } = [];
}
