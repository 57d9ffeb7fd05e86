namespace Dlt;

/// <summary>An item, or a page of items, for a table other than the one of its resource (dlt's <c>with_table_name</c>).</summary>
/// <param name="Table">Name of the table.</param>
/// <param name="Item">The item or page. A page without items declares the table without rows.</param>
public sealed record TableItem(string Table, object? Item);
