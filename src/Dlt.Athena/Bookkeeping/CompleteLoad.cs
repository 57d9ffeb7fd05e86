namespace Dlt.Destinations.Bookkeeping;

/// <summary>A row of <c>_dlt_loads</c>: a load that is complete.</summary>
/// <param name="LoadId">Id of the load.</param>
/// <param name="SchemaName">Name of its schema; null in rows without one.</param>
/// <param name="SchemaHash">Version hash of the schema; null in rows without one.</param>
internal sealed record CompleteLoad(string LoadId, string? SchemaName, string? SchemaHash);
