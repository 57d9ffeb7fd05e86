namespace Dlt.Lake;

/// <summary>Bytes that a query has scanned, known when it has ended (Amazon Athena API, QueryExecutionStatistics).</summary>
/// <param name="BytesScanned">Bytes of tables that it has read; null when the engine does not count them.</param>
/// <param name="IsBilled">
/// True when the service charges for the bytes: for statements that read or write rows, also for those that were stopped; not for DDL,
/// failed queries and results of an earlier query.
/// </param>
public sealed record QueryStatistics(long? BytesScanned, bool IsBilled);
