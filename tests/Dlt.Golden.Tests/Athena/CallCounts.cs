using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Athena;

/// <summary>Compares the calls of a run with those of dlt, which are an upper bound.</summary>
internal static class CallCounts
{
    public static void Check(CallLog log, JsonValue? counts)
    {
        if (counts is null) return;
        var queries = Of(counts, "athena.StartQueryExecution");
        Assert.True(log.Queries <= queries, $"{log.Queries} queries; dlt has {queries}.");
        var all = counts.Members.Sum(m => m.Value.AsInt64());
        if (Environment.GetEnvironmentVariable("DLT_COUNTS") is not null)
            Console.WriteLine($"COUNTS ours {log.Calls.Count} dlt {all} {TestContext.Current.Test?.TestDisplayName} {string.Join(" ", log.Calls.GroupBy(c => c).Select(g => g.Key + "=" + g.Count()))}");
    }

    private static long Of(JsonValue counts, string name) => counts[name] is { Kind: JsonKind.Integer } count ? count.AsInt64() : 0;
}
