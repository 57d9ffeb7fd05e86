using System.Collections.Immutable;
using Dlt.Schemas;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>Input of a merge script: a chain of staged tables, the strategy with its options, names, and the time of the load.</summary>
internal sealed record MergeInput
{
    /// <summary>The schema of the load.</summary>
    public required Schema Schema { get; init; }

    /// <summary>The root table, which has the keys and the options.</summary>
    public required TableSchema Root { get; init; }

    /// <summary>The nested tables that have received rows, parents before their children.</summary>
    public required ImmutableArray<TableSchema> Nested { get; init; }

    /// <summary>The strategy of the root table.</summary>
    public required MergeStrategy Strategy { get; init; }

    /// <summary>Catalog and databases of the tables.</summary>
    public required SqlNames Names { get; init; }

    /// <summary>Id of the load. Its time is the one at which old versions of rows end.</summary>
    public required string LoadId { get; init; }

    /// <summary>True when an earlier attempt may have run some statements of the script.</summary>
    public bool IsRepeated { get; init; }

    /// <summary>The root table and the nested ones.</summary>
    public IEnumerable<TableSchema> Tables => Nested.Prepend(Root);

    /// <summary>Quoted name of the root table.</summary>
    public string Table => Names.Table(Root.Name);

    /// <summary>Quoted name of the staged root table.</summary>
    public string Staged => Names.Staged(Root.Name);

    /// <summary>Quoted row key of the root table.</summary>
    /// <exception cref="SchemaException">The table has no row key.</exception>
    public string RowKey => SqlKeys.RowKey(Root);

    /// <summary>Columns of a table that have a type, in their order.</summary>
    public static IEnumerable<string> ColumnsOf(TableSchema table) => table.CompleteColumns.Select(c => c.Name);
}
