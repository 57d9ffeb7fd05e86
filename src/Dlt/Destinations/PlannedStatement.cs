using System.Collections.Immutable;

namespace Dlt;

/// <summary>A change of a database or table that a run would make.</summary>
public sealed record PlannedStatement
{
    /// <summary>What is changed.</summary>
    public required PlannedStatementKind Kind { get; init; }

    /// <summary>Name of the database.</summary>
    public required string Database { get; init; }

    /// <summary>Name of the table; null for a change of the database.</summary>
    public string? Table { get; init; }

    /// <summary>
    /// The change as a statement, or, where no statement can make it, a comment that begins with <c>--</c>. Who makes the change is
    /// <see cref="IsQuery"/>.
    /// </summary>
    public required string Sql { get; init; }

    /// <summary>Columns that the table would get; those of a new table are in <see cref="Sql"/> only.</summary>
    public ImmutableArray<PlannedColumn> NewColumns { get; init; } = [];

    /// <summary>
    /// True when the statement would run as a query (<c>ddl = "athena"</c>); false when a call of the catalog makes the same change.
    /// </summary>
    public bool IsQuery { get; init; }
}

/// <summary>What a <see cref="PlannedStatement"/> changes.</summary>
public enum PlannedStatementKind
{
    /// <summary>A new database.</summary>
    CreateDatabase,

    /// <summary>A new table.</summary>
    CreateTable,

    /// <summary>New columns, or other properties of a table.</summary>
    ChangeTable,

    /// <summary>A table that goes, with its rows.</summary>
    DropTable,
}

/// <summary>A column that a run would add to a table.</summary>
/// <param name="Name">Name of the column.</param>
/// <param name="Type">Type of the column in the notation of the catalog, such as <c>decimal(12,2)</c>.</param>
public sealed record PlannedColumn(string Name, string Type);
