namespace Dlt.Normalize.Rows;

/// <summary>A row that a schema contract dropped, with the reason.</summary>
internal sealed record DiscardedRow(string Table, string Reason);
