using Dlt.Json;
using Xunit;

namespace Dlt.Golden.Athena;

/// <summary>
/// Compares the queries and other calls to Athena of a run with those of dlt, which are an upper bound. Its calls to S3 are not one: what
/// a commit reads and writes is done by Athena's servers there, and by the loader here.
/// </summary>
internal static class CallCounts
{
    private const string Athena = "athena.";

    public static void Check(CallLog log, JsonValue? counts)
    {
        if (counts is null) return;
        var ours = log.Calls.Count(c => c.StartsWith(Athena, StringComparison.Ordinal));
        var theirs = counts.Members.Where(m => m.Key.StartsWith(Athena, StringComparison.Ordinal)).Sum(m => m.Value.AsInt64());
        Assert.True(ours <= theirs, $"{ours} calls to Athena; dlt makes {theirs}.");
    }
}
