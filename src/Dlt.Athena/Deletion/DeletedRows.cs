using System.Collections.Immutable;

namespace Dlt;

/// <summary>Rows of a root table that a condition matches, with their nested rows, and what else still holds them.</summary>
public sealed record DeletedRows
{
    /// <summary>The dataset's name in the pipeline.</summary>
    public required string Dataset { get; init; }

    /// <summary>The root table.</summary>
    public required string Table { get; init; }

    /// <summary>The condition, in the syntax of <see cref="Dlt.Iceberg.Filter.Parse"/>.</summary>
    public required string Where { get; init; }

    /// <summary>The root table, then its nested tables.</summary>
    public required ImmutableArray<DeletedTableRows> Tables { get; init; }

    /// <summary>
    /// Load ids of loads that write into these tables and are not complete: their rows come later, and their staged files may hold such
    /// rows.
    /// </summary>
    public ImmutableArray<string> PendingLoads { get; init; } = [];

    /// <summary>Name of the table with rejected items when the dataset has it: it may hold such items. Null when it does not.</summary>
    public string? RejectedTable { get; init; }

    /// <summary>Number of rows in all tables.</summary>
    public long Rows => Tables.Sum(t => t.Rows);
}

/// <summary>Rows of one table that are deleted.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Rows">Number of the rows.</param>
/// <param name="Snapshots">Ids of the snapshots that hold the rows, or may hold them.</param>
public sealed record DeletedTableRows(string Table, long Rows, ImmutableArray<long> Snapshots);
