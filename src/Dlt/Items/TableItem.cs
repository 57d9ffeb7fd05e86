namespace Dlt;

/// <summary>An item, or a page of items, for a table other than that of its resource (dlt's <c>with_table_name</c>).</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Item">The item. A page without items makes the table known, without rows.</param>
public sealed record TableItem(string Table, object? Item);
