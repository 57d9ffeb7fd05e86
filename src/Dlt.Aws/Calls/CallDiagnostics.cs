using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Dlt.Aws;

/// <summary>
/// Names of spans and instruments of calls to AWS (docs/observability.md): those of OpenTelemetry's conventions for AWS SDKs and RPC.
/// </summary>
internal static class CallDiagnostics
{
    public const string System = "rpc.system";
    public const string SystemName = "aws-api";
    public const string Service = "rpc.service";
    public const string Operation = "rpc.method";
    public const string Server = "server.address";
    public const string RequestId = "aws.request_id";
    public const string StatusCode = "http.response.status_code";

    /// <summary>How often the call was sent; 1 or more.</summary>
    public const string Attempts = "dlt.call.attempts";

    public static Histogram<double> Duration { get; } = DltDiagnostics.Meter.CreateHistogram<double>(
        "rpc.client.call.duration", "s", "Time that a call to AWS took, with all its attempts.");

    public static Counter<long> Retries { get; } = DltDiagnostics.Meter.CreateCounter<long>(
        "dlt.call.retries", "{retry}", "Attempts of calls to AWS after the first one.");

    /// <summary>The tags of a call's measurements.</summary>
    public static TagList TagsOf(string service, string operation) => new()
    {
        { System, SystemName },
        { Service, service },
        { Operation, operation },
    };
}
