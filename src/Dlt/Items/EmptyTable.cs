namespace Dlt;

/// <summary>
/// An item that makes its table known to the destination, with the columns of its hints, though there may be no rows (dlt's
/// <c>materialize_table_schema</c>).
/// </summary>
public sealed record EmptyTable;
