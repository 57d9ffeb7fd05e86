using Dlt.Lake;

namespace Dlt.Aws;

/// <summary>
/// Reads how many bytes a query has scanned, and whether they are billed (docs/spec/aws-apis.md 2.5; Amazon Athena pricing).
/// </summary>
internal static class QueryReading
{
    /// <summary>The statistics of a query that has ended.</summary>
    /// <param name="query">The member <c>QueryExecution</c>.</param>
    public static QueryStatistics Of(JsonValue query)
    {
        var statistics = query["Statistics"];
        var isReused = statistics?["ResultReuseInformation"]?["ReusedPreviousResult"] is { Kind: JsonKind.True };
        var isOfRows = query["StatementType"]?.AsString() is not ("DDL" or "UTILITY");
        var bytes = statistics?["DataScannedInBytes"] is { Kind: JsonKind.Integer } scanned ? scanned.AsInt64() : (long?)null;
        return new(bytes, isOfRows && !isReused && query["Status"]?["State"]?.AsString() is "SUCCEEDED" or "CANCELLED");
    }
}
