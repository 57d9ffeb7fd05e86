using System.Diagnostics.Metrics;
using Dlt.Lake;

namespace Dlt.Diagnostics;

/// <summary>
/// Instruments of a run (docs/observability.md). Tags have few values: each value of a tag is a separate time series. Names of tables are
/// therefore only in spans.
/// </summary>
internal static class RunInstruments
{
    public static Counter<long> Rows { get; } = DltDiagnostics.Meter.CreateCounter<long>(
        "dlt.rows", "{row}", "Rows that a step extracted, normalised or loaded.");

    public static Counter<long> Bytes { get; } = DltDiagnostics.Meter.CreateCounter<long>(
        "dlt.staged.bytes", "By", "Bytes of the Parquet files that were staged.");

    public static Counter<long> Files { get; } = DltDiagnostics.Meter.CreateCounter<long>(
        "dlt.staged.files", "{file}", "Parquet files that were staged.");

    public static Counter<long> Loads { get; } = DltDiagnostics.Meter.CreateCounter<long>(
        "dlt.loads", "{load}", "Load packages that became complete.");

    public static Counter<long> Retries { get; } = DltDiagnostics.Meter.CreateCounter<long>(
        "dlt.load.retries", "{retry}", "Steps of a load that were repeated after a transient failure.");

    public static Histogram<double> StepDuration { get; } = DltDiagnostics.Meter.CreateHistogram<double>(
        "dlt.step.duration", "s", "Time that a step took.");

    public static Counter<long> Queries { get; } = DltDiagnostics.Meter.CreateCounter<long>(
        "dlt.queries", "{query}", "Queries that runs started.");

    public static Counter<long> BytesScanned { get; } = DltDiagnostics.Meter.CreateCounter<long>(
        "dlt.queries.bytes_scanned", "By", "Bytes of tables that the queries of runs scanned.");

    /// <summary>Counts the queries of a run.</summary>
    public static void CountQueries(QueryUsage usage)
    {
        Queries.Add(usage.Queries);
        BytesScanned.Add(usage.BytesScanned);
    }

    /// <summary>Counts a repeated step of a load.</summary>
    public static void CountRetry(Exception error) =>
        Retries.Add(1, new KeyValuePair<string, object?>(DltDiagnostics.ErrorType, DltDiagnostics.TypeOf(error)));
}
