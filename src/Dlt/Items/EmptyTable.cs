namespace Dlt;

/// <summary>
/// An item that creates its table in the destination, with the columns of its hints, even if the run has no rows for it (dlt's
/// <c>materialize_table_schema</c>).
/// </summary>
public sealed record EmptyTable;
