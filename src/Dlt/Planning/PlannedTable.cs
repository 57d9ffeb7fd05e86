using System.Collections.Immutable;

namespace Dlt;

/// <summary>A table that a run would load, with the rows of the pages that the plan has read.</summary>
public sealed record PlannedTable
{
    /// <summary>Name of the table.</summary>
    public required string Name { get; init; }

    /// <summary>Format of the table, such as <c>iceberg</c>; <c>native</c> for that of the destination.</summary>
    public required string Format { get; init; }

    /// <summary>
    /// What the load would do with the rows that the table has: <c>append</c>, <c>replace</c>, or the merge strategy, such as
    /// <c>delete-insert</c>.
    /// </summary>
    public required string Mode { get; init; }

    /// <summary>True when rows would be merged; <see cref="Mode"/> is then the strategy.</summary>
    public bool IsMerge { get; init; }

    /// <summary>Columns of the primary key of the root table; empty for none.</summary>
    public ImmutableArray<string> PrimaryKey { get; init; } = [];

    /// <summary>Columns of the merge key of the root table; empty for none.</summary>
    public ImmutableArray<string> MergeKey { get; init; } = [];

    /// <summary>True when the table would be created; null when the destination cannot say it.</summary>
    public bool? IsNew { get; init; }

    /// <summary>All columns after the load, as far as the schema knows them, without those of dlt.</summary>
    public ImmutableArray<PlannedColumn> Columns { get; init; } = [];

    /// <summary>Columns that the existing table would get.</summary>
    public ImmutableArray<PlannedColumn> NewColumns { get; init; } = [];

    /// <summary>Number of rows of the pages that were read.</summary>
    public long Rows { get; init; }

    /// <summary>Number of files with these rows.</summary>
    public int Files { get; init; }

    /// <summary>Size of these files in bytes.</summary>
    public long Bytes { get; init; }
}
