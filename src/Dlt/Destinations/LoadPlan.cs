using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>What a package does to the dataset, known before anything of it is changed.</summary>
internal sealed record LoadPlan
{
    /// <summary>The package.</summary>
    public required string LoadId { get; init; }

    /// <summary>Its schema.</summary>
    public required Schema Schema { get; init; }

    /// <summary>Tables to make or to widen: those of <see cref="Tables"/>, and bookkeeping.</summary>
    public required ImmutableArray<TableSchema> Prepared { get; init; }

    /// <summary>Tables that get rows or lose them, nested ones before their roots.</summary>
    public required ImmutableArray<PlannedTable> Tables { get; init; }

    /// <summary>Tables that a refresh removes first.</summary>
    public ImmutableArray<TableSchema> Dropped { get; init; } = [];

    /// <summary>Tables that a refresh empties first.</summary>
    public ImmutableArray<TableSchema> Truncated { get; init; } = [];
}

/// <summary>A table of a plan.</summary>
/// <param name="Table">The table.</param>
/// <param name="Jobs">Its files in the package; none for a table that is only emptied.</param>
/// <param name="Replaces">True: the rows of the package take the place of all others.</param>
internal sealed record PlannedTable(TableSchema Table, ImmutableArray<LoadJob> Jobs, bool Replaces);
