using System.Collections.Immutable;

namespace Dlt;

/// <summary>
/// Schema changes, rejects and rounded values of a load. All lists are ordered by table name, and columns as in their table.
/// </summary>
/// <remarks>System tables (<c>_dlt…</c>) and system columns are left out. The lists are compared by reference.</remarks>
public sealed record LoadChanges
{
    /// <summary>Changes of a load that only added rows.</summary>
    public static LoadChanges None { get; } = new();

    /// <summary>Tables that received their first rows or their first file.</summary>
    public ImmutableArray<NewTable> NewTables { get; init; } = [];

    /// <summary>New columns of tables that existed before the load. Variant columns are in <see cref="Variants"/> only.</summary>
    public ImmutableArray<NewColumn> NewColumns { get; init; } = [];

    /// <summary>New and existing variant columns (<c>amount__v_text</c>) that have values in rows of the load.</summary>
    public ImmutableArray<VariantColumn> Variants { get; init; } = [];

    /// <summary>Columns that have no type because they received only nulls.</summary>
    public ImmutableArray<ColumnNotCreated> ColumnsNotCreated { get; init; } = [];

    /// <summary>Tables without columns because they received no row.</summary>
    public ImmutableArray<string> TablesNotCreated { get; init; } = [];

    /// <summary>Rows that were kept in <c>_dlt_rejected</c>, by table and reason.</summary>
    public ImmutableArray<RejectedRows> Rejected { get; init; } = [];

    /// <summary>Rows that were dropped because the contract of their table says so, by table.</summary>
    public ImmutableArray<DiscardedRows> Discarded { get; init; } = [];

    /// <summary>Number columns that have fewer digits than the values of the source.</summary>
    public ImmutableArray<RoundedColumn> Rounded { get; init; } = [];

    /// <summary>Items that an incremental cursor did not load although no other run will: they came late, or have no value.</summary>
    public ImmutableArray<SkippedRows> Skipped { get; init; } = [];

    /// <summary>Text for people, as in the load info; empty for no change.</summary>
    public override string ToString() => string.Join('\n', LoadChangesText.Lines(this));

    /// <summary>Sums up the changes of several loads.</summary>
    internal static LoadChanges Of(IReadOnlyCollection<LoadChanges> loads)
    {
        if (loads.Count == 1) return loads.First();
        return new()
        {
            NewTables = [.. ByTable(loads.SelectMany(l => l.NewTables).DistinctBy(t => t.Name), t => t.Name)],
            NewColumns = [.. ByTable(loads.SelectMany(l => l.NewColumns).DistinctBy(c => (c.Table, c.Name)), c => c.Table)],
            Variants = [.. ByTable(loads.SelectMany(l => l.Variants).GroupBy(v => (v.Table, v.Column)).Select(Sum), v => v.Table)],
            ColumnsNotCreated = [.. ByTable(loads.SelectMany(l => l.ColumnsNotCreated).Distinct(), c => c.Table)],
            TablesNotCreated = [.. ByTable(loads.SelectMany(l => l.TablesNotCreated).Distinct(), t => t)],
            Rejected = [.. ByTable(loads.SelectMany(l => l.Rejected).GroupBy(r => (r.Table, r.Reason)).Select(Sum), r => r.Table)],
            Discarded = [.. ByTable(loads.SelectMany(l => l.Discarded).GroupBy(d => d.Table).Select(Sum), d => d.Table)],
            Rounded = [.. ByTable(loads.SelectMany(l => l.Rounded).GroupBy(r => (r.Table, r.Column)).Select(Sum), r => r.Table)],
            Skipped = [.. ByTable(loads.SelectMany(l => l.Skipped).GroupBy(r => (r.Resource, r.Reason)).Select(Sum), r => r.Resource)],
        };
    }

    private static IOrderedEnumerable<T> ByTable<T>(IEnumerable<T> changes, Func<T, string> table) =>
        changes.OrderBy(table, StringComparer.Ordinal);

    private static VariantColumn Sum(IEnumerable<VariantColumn> same) => same.First() with { Rows = same.Sum(v => v.Rows) };

    private static RejectedRows Sum(IEnumerable<RejectedRows> same) => same.First() with { Rows = same.Sum(r => r.Rows) };

    private static DiscardedRows Sum(IEnumerable<DiscardedRows> same) => same.First() with { Rows = same.Sum(d => d.Rows) };

    private static SkippedRows Sum(IEnumerable<SkippedRows> same) => same.First() with { Rows = same.Sum(r => r.Rows) };

    private static RoundedColumn Sum(IEnumerable<RoundedColumn> same) => same.First() with { Rows = same.Sum(r => r.Rows) };
}

/// <summary>A table that did not exist before the load.</summary>
/// <param name="Name">Name of the table.</param>
/// <param name="Columns">Number of columns, without system columns.</param>
public sealed record NewTable(string Name, int Columns);

/// <summary>A column that its table did not have before the load.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Name">Name of the column.</param>
/// <param name="Type">Type of the column in Glue's notation, such as <c>decimal(12,2)</c>.</param>
public sealed record NewColumn(string Table, string Name, string Type);

/// <summary>A variant column: it holds values that the original column cannot hold.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Column">Name of the variant column, such as <c>amount__v_text</c>.</param>
/// <param name="Rows">Number of rows of the load with a value in the column: 1 or more.</param>
public sealed record VariantColumn(string Table, string Column, long Rows);

/// <summary>A column that received only nulls, so its type is unknown.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Column">Name of the column.</param>
public sealed record ColumnNotCreated(string Table, string Column);

/// <summary>Rows that were kept in <c>_dlt_rejected</c> instead of being loaded.</summary>
/// <param name="Table">Table that the rows were meant for.</param>
/// <param name="Reason">
/// Reason of the rejection. After the first hundred reasons of a table, all further ones count as <c>other reasons</c>.
/// </param>
/// <param name="Rows">Number of rows: 1 or more.</param>
public sealed record RejectedRows(string Table, string Reason, long Rows);

/// <summary>Rows that a contract dropped (<c>discard_row</c>). They are kept nowhere.</summary>
/// <param name="Table">Table that the rows were meant for.</param>
/// <param name="Rows">Number of rows: 1 or more.</param>
public sealed record DiscardedRows(string Table, long Rows);

/// <summary>A number column whose values were rounded, half to even, to the digits of the column.</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Column">Name of the column.</param>
/// <param name="Scale">Digits after the decimal point that the column has.</param>
/// <param name="Rows">Number of rows of the load whose value was rounded: 1 or more.</param>
public sealed record RoundedColumn(string Table, string Column, int Scale, long Rows);

/// <summary>Items that an incremental cursor did not load although no other run will.</summary>
/// <param name="Resource">Name of the resource.</param>
/// <param name="Reason">Why: <c>updated_at before 2024-01-05</c>, or <c>no value of updated_at</c>.</param>
/// <param name="Rows">Number of items: 1 or more. A source that yields all its items in every run has many.</param>
public sealed record SkippedRows(string Resource, string Reason, long Rows);
