using System.Collections.Immutable;
using Dlt.Planning;

namespace Dlt;

/// <summary>What a run would do, from the first pages of its resources. Nothing of it was done.</summary>
public sealed record RunPlan
{
    /// <summary>Name of the pipeline.</summary>
    public required string PipelineName { get; init; }

    /// <summary>Name of the source.</summary>
    public required string SourceName { get; init; }

    /// <summary>Name of the destination.</summary>
    public required string DestinationName { get; init; }

    /// <summary>Name of the dataset.</summary>
    public required string DatasetName { get; init; }

    /// <summary>Location of the data, such as <c>s3://bucket/dataset</c>.</summary>
    public required string Location { get; init; }

    /// <summary>Largest number of pages of each resource that were read; null for all.</summary>
    public int? Limit { get; init; }

    /// <summary>True when state and schemas were those of the destination, because this machine has none or older ones.</summary>
    public bool IsRestored { get; init; }

    /// <summary>Packages of earlier runs that would be loaded first, oldest first.</summary>
    public ImmutableArray<PendingPackage> Pending { get; init; } = [];

    /// <summary>Tables that would get rows or lose them, ordered by name, without those of dlt.</summary>
    public ImmutableArray<PlannedTable> Tables { get; init; } = [];

    /// <summary>Resources whose pages had no rows, by the names of their tables, which do not exist yet.</summary>
    public ImmutableArray<string> TablesWithoutRows { get; init; } = [];

    /// <summary>Variants, rejected and rounded values, and columns without a type, in the pages that were read.</summary>
    public LoadChanges Changes { get; init; } = LoadChanges.None;

    /// <summary>Tables that a refresh would drop with all rows.</summary>
    public ImmutableArray<string> Dropped { get; init; } = [];

    /// <summary>Tables that a refresh would empty.</summary>
    public ImmutableArray<string> Emptied { get; init; } = [];

    /// <summary>Changes of databases and tables, those of dlt's own tables last.</summary>
    public ImmutableArray<PlannedStatement> Statements { get; init; } = [];

    /// <summary>False when the destination cannot say what a load would change, so <see cref="Statements"/> is empty.</summary>
    public bool IsPreviewed { get; init; } = true;

    /// <summary>
    /// Number of queries that would make and change tables; 0 when calls of the catalog do it. They are not billed.
    /// </summary>
    public int TableQueries => Statements.Count(s => s.IsQuery);

    /// <summary>
    /// Number of queries that would merge rows; 0 when the loader merges. What they scan, and so their cost, is not known before.
    /// </summary>
    public int MergeQueries { get; init; }

    /// <summary>Warnings that the run would give.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Where the run would stop; null when nothing that was read stops it.</summary>
    public PlannedStop? Stop { get; init; }

    /// <summary>Number of rows that were read, in all tables of data.</summary>
    public long Rows => Tables.Sum(t => t.Rows);

    /// <summary>Text for people: what was read, what would stop the run, tables, changes as statements, and queries.</summary>
    public override string ToString() => RunPlanText.Of(this);
}
