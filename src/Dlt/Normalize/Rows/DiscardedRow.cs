namespace Dlt.Normalize.Rows;

/// <summary>A row that a schema contract dropped, and why.</summary>
internal sealed record DiscardedRow(string Table, string Reason);
