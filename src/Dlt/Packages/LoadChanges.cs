using System.Collections.Immutable;

namespace Dlt;

/// <summary>
/// What a load changed beside adding rows. All lists are in the order of the tables' names, and columns in the order of the table.
/// </summary>
/// <remarks>Bookkeeping tables (<c>_dlt…</c>) and columns of their kind are left out. The lists are compared by reference.</remarks>
public sealed record LoadChanges
{
    /// <summary>Nothing changed.</summary>
    public static LoadChanges None { get; } = new();

    /// <summary>Tables that got their first rows or their first file.</summary>
    public ImmutableArray<NewTable> NewTables { get; init; } = [];

    /// <summary>Columns that tables got which were there before; variants stand in <see cref="Variants"/> alone.</summary>
    public ImmutableArray<NewColumn> NewColumns { get; init; } = [];

    /// <summary>Variant columns (<c>amount__v_text</c>) that rows of the load have values in, whether new or not.</summary>
    public ImmutableArray<VariantColumn> Variants { get; init; } = [];

    /// <summary>Columns that have no type, because they got nothing but nulls.</summary>
    public ImmutableArray<ColumnNotCreated> ColumnsNotCreated { get; init; } = [];

    /// <summary>Tables without a column, because they got no row.</summary>
    public ImmutableArray<string> TablesNotCreated { get; init; } = [];

    /// <summary>Rows that stand in <c>_dlt_rejected</c>, by table and reason.</summary>
    public ImmutableArray<RejectedRows> Rejected { get; init; } = [];

    /// <summary>Columns of numbers that have fewer digits than the source's.</summary>
    public ImmutableArray<RoundedColumn> Rounded { get; init; } = [];

    /// <summary>The lines of the load info; empty for no change.</summary>
    public override string ToString() => string.Join('\n', LoadChangesText.Lines(this));

    /// <summary>The changes of several loads as those of one.</summary>
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
            Rounded = [.. ByTable(loads.SelectMany(l => l.Rounded).GroupBy(r => (r.Table, r.Column)).Select(Sum), r => r.Table)],
        };
    }

    private static IOrderedEnumerable<T> ByTable<T>(IEnumerable<T> changes, Func<T, string> table) =>
        changes.OrderBy(table, StringComparer.Ordinal);

    private static VariantColumn Sum(IEnumerable<VariantColumn> same) => same.First() with { Rows = same.Sum(v => v.Rows) };

    private static RejectedRows Sum(IEnumerable<RejectedRows> same) => same.First() with { Rows = same.Sum(r => r.Rows) };

    private static RoundedColumn Sum(IEnumerable<RoundedColumn> same) => same.First() with { Rows = same.Sum(r => r.Rows) };
}

/// <summary>A table that was not there before the load.</summary>
/// <param name="Name">The table.</param>
/// <param name="Columns">How many columns it has, those of bookkeeping not counted.</param>
public sealed record NewTable(string Name, int Columns);

/// <summary>A column that its table did not have before the load.</summary>
/// <param name="Table">The table.</param>
/// <param name="Name">The column.</param>
/// <param name="Type">Glue's name of its type, such as <c>decimal(12,2)</c>.</param>
public sealed record NewColumn(string Table, string Name, string Type);

/// <summary>A column of values that their own column could not hold.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The variant column, such as <c>amount__v_text</c>.</param>
/// <param name="Rows">Rows of the load that have a value in it: 1 or more.</param>
public sealed record VariantColumn(string Table, string Column, long Rows);

/// <summary>A column that got nothing but nulls, so that its type is not known.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column.</param>
public sealed record ColumnNotCreated(string Table, string Column);

/// <summary>Rows that were not loaded, but kept in <c>_dlt_rejected</c>.</summary>
/// <param name="Table">The table that they were meant for.</param>
/// <param name="Reason">Why. After the first hundred reasons of a table the others count as one, <c>other reasons</c>.</param>
/// <param name="Rows">How many: 1 or more.</param>
public sealed record RejectedRows(string Table, string Reason, long Rows);

/// <summary>A column of numbers that were rounded, half to even, to the digits of the column.</summary>
/// <param name="Table">The table.</param>
/// <param name="Column">The column.</param>
/// <param name="Scale">Digits after the point that it has.</param>
/// <param name="Rows">Rows of the load whose value was rounded: 1 or more.</param>
public sealed record RoundedColumn(string Table, string Column, int Scale, long Rows);
