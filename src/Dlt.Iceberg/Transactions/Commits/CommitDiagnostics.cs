using System.Diagnostics.Metrics;

namespace Dlt.Iceberg;

/// <summary>The span and the instruments of commits to Iceberg tables (docs/observability.md).</summary>
internal static class CommitDiagnostics
{
    /// <summary>A transaction, from its first attempt to its last.</summary>
    public const string Span = "iceberg.commit";

    /// <summary>The table with its namespace.</summary>
    public const string Table = "iceberg.table.name";

    /// <summary>Attempts so far; 1 or more.</summary>
    public const string Attempts = "iceberg.commit.attempts";

    public static Counter<long> Commits { get; } = DltDiagnostics.Meter.CreateCounter<long>(
        "iceberg.commits", "{commit}", "Transactions that were committed to Iceberg tables.");

    public static Counter<long> Retries { get; } = DltDiagnostics.Meter.CreateCounter<long>(
        "iceberg.commit.retries", "{retry}", "Attempts to commit that were repeated because another commit was faster.");
}
