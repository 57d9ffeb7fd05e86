using System.Collections.Immutable;

namespace Dlt.Destinations;

/// <summary>What a load would do to its destination.</summary>
public sealed record LoadPreview
{
    /// <summary>Name of the database that the tables are in, as in <see cref="PlannedStatement.Database"/>.</summary>
    public required string Database { get; init; }

    /// <summary>Changes of databases and tables, in the order of the tables: those of data first.</summary>
    public ImmutableArray<PlannedStatement> Statements { get; init; } = [];

    /// <summary>Number of statements that would merge rows by queries; 0 when no query is needed.</summary>
    public int MergeQueries { get; init; }
}
