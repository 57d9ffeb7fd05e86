using System.Globalization;
using Dlt.Json;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Journal;

/// <summary>The process that is killed: one run that appends, merges, replaces and commits, with a few milliseconds in each call.</summary>
internal static class KilledChild
{
    private const int LatencyMs = 3;

    /// <param name="account">Folder of the account.</param>
    /// <param name="pipelines">Folder of the working folders.</param>
    /// <param name="end">The run loads the items below this number that the state does not know.</param>
    /// <param name="refresh">Name of the refresh; empty for none.</param>
    /// <param name="killAt">The call in the middle of which the process kills itself, counted from one; zero for none.</param>
    public static async Task<int> RunAsync(string account, string pipelines, int end, string refresh, int killAt)
    {
        var calls = 0;
        T Watch<T>(T service) where T : class => Steps.Intercept(service, (_, call) =>
        {
            Thread.Sleep(LatencyMs);
            if (Interlocked.Increment(ref calls) != killAt) return call();
            ThreadPool.QueueUserWorkItem(_ => call());   // may happen, in part or as a whole
            Thread.Sleep(Random.Shared.Next(LatencyMs));
            using var own = System.Diagnostics.Process.GetCurrentProcess();
            own.Kill();
            Thread.Sleep(Timeout.Infinite);
            return null;
        });
        var local = new LocalAthena(account);
        var machine = new Machine(local, pipelines, Watch(local.Glue), Watch(local.Objects));
        Console.WriteLine("ready");
        await LoadAsync(machine, end, refresh.Length == 0 ? null : Enum.Parse<RefreshMode>(refresh), CancellationToken.None);
        Console.WriteLine(calls.ToString(CultureInfo.InvariantCulture));
        return 0;
    }

    /// <summary>
    /// Loads the items below a number that the state or a cursor does not know, merges all items below it, and replaces the other tables
    /// by one row.
    /// </summary>
    public static Task<LoadInfo> LoadAsync(Machine machine, int end, RefreshMode? refresh, CancellationToken cancellationToken)
    {
        var replace = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        var merge = new ResourceHints { WriteDisposition = WriteDisposition.Merge, TableFormat = TableFormat.Iceberg, PrimaryKey = ["id"] };
        string[] merged = [.. Enumerable.Range(0, end).Select(id => $$"""{"id":{{id}},"v":{{end}},"tags":["x"]}""")];
        // Two items share the value at which a run ends: one is loaded, the other one is new.
        string[] later = [.. Enumerable.Range(0, end).Select(id => $$"""{"id":{{id}},"rev":{{(id + 1) / 2}},"tags":["x"]}""")];
        var item = $$"""{"id":{{end}},"tags":["x"]}""";
        return machine.Pipeline(refresh: refresh, settings: ("DESTINATION__ATHENA__LEASE", "1")).RunAsync(
            new Source(
                "pipe",
                Some.Increments("appended", end, more: ""","tags":["x"]"""),
                Some.Resource("commits", new() { TableFormat = TableFormat.Iceberg, Incremental = new("rev") }, later),
                Some.Resource("merged", merge, merged),
                Some.Resource("updated", merge with { MergeStrategy = new MergeStrategy.Upsert() }, merged),
                Some.Resource("replaced", replace, item),
                Some.Resource("replaced_commits", replace with { TableFormat = TableFormat.Iceberg }, item)),
            cancellationToken);
    }
}
