using System.Diagnostics;
using System.Globalization;
using Dlt.Configuration;
using Dlt.Json;

namespace Dlt.Bench;

/// <summary>Times whole runs into an account in which each call takes 50 ms: 100 tables with a row each, external and Iceberg.</summary>
internal static class RunTimes
{
    private const int Tables = 100;
    private const int LatencyMs = 50;

    /// <param name="showsCalls">True to print when the calls of the last run began.</param>
    public static async Task RunAsync(bool showsCalls)
    {
        List<string> lines = [$"| {Tables} tables, {LatencyMs} ms a call | run | s | calls |", "| --- | --- | --- | --- |"];
        foreach (var format in new[] { "hive", "iceberg" }) lines.AddRange(await OfFormatAsync(format, showsCalls));
        foreach (var line in lines) Console.WriteLine(line);
        Results.Append(1, lines);
    }

    private static async Task<List<string>> OfFormatAsync(string format, bool showsCalls)
    {
        var folder = Directory.CreateTempSubdirectory("dlt-bench-runs-").FullName;
        try
        {
            var account = new SlowAccount(new LocalAthena(Path.Combine(folder, "account")), TimeSpan.FromMilliseconds(LatencyMs));
            var lines = new List<string>();
            foreach (var run in new[] { "first", "second", "unchanged", "unchanged" })
            {
                account.Reset();
                var clock = Stopwatch.StartNew();
                await PipelineOf(account, folder, format).RunAsync(Rows());
                lines.Add(string.Create(CultureInfo.InvariantCulture,
                    $"| {format} | {run} | {clock.Elapsed.TotalSeconds:0.00} | {account.Calls} |"));
            }

            if (showsCalls) foreach (var moment in account.Moments()) Console.WriteLine(moment);
            return lines;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Pipeline PipelineOf(SlowAccount account, string folder, string format)
    {
        var variables = new Dictionary<string, string> { ["DESTINATION__ATHENA__FORCE_ICEBERG"] = format == "iceberg" ? "true" : "false" };
        var context = new RunContext(folder, Path.Combine(folder, "global"), variables.GetValueOrDefault);
        return Pipeline.Create("bench", Athena.Destination(account), "ds", new() { Configuration = DltConfiguration.Load(context) });
    }

    private static IEnumerable<Resource> Rows() =>
        Enumerable.Range(0, Tables).Select(i => Resource.Create($"table_{i:000}", [JsonParser.Parse("""{"id":1}""")]));
}
