using System.Globalization;
using Dlt.Json;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Leases;

/// <summary>Two machines start one pipeline at the same moment. <c>DLT_RACES</c> is how often, 3 by default.</summary>
public sealed class TwoMachinesTests
{
    private static readonly int Races = int.TryParse(
        Environment.GetEnvironmentVariable("DLT_RACES"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 3;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, Scenario("T-71"), InlineData(false), InlineData(true)]
    public async Task No_increment_is_loaded_twice(bool waits)
    {
        for (var race = 0; race < Races; race++)
        {
            using var folder = new TempFolder();
            var account = Some.Account(folder);
            var ended = await Task.WhenAll(Enumerable.Range(0, 2).Select(i => Task.Factory.StartNew(
                () => Record.Exception(() => RunAsync(account, folder.File($"m{i}"), waits).GetAwaiter().GetResult()),
                Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            Assert.True(ended.Count(e => e is null) >= (waits ? 2 : 1), string.Join('\n', ended.Select(e => e?.ToString())));
            Assert.All(ended.OfType<Exception>(), e =>
                Assert.Contains("is running elsewhere", Assert.IsType<DltException>(e).Message, StringComparison.Ordinal));
            await RunAsync(account, folder.File("m0"), waits: true);
            Assert.Equal("20 20", await Some.ValueAsync(account, "SELECT count(*) || ' ' || count(DISTINCT id) FROM items"));
            Assert.Equal("20 20", await Some.ValueAsync(account, "SELECT count(*) || ' ' || count(DISTINCT id) FROM commits"));
        }
    }

    private static Task<LoadInfo> RunAsync(LocalAthena account, string folder, bool waits)
    {
        var options = new PipelineOptions
        {
            Configuration = Some.Configuration(account.Folder),
            Warn = _ => { },
            WaitForLease = waits,
            Time = new FastClock(20),   // both renew, watch and wait twenty times as fast
        };
        return Pipeline.Create("pipe", Athena.Destination(new Machine(account, folder)), "ds", options).RunAsync(
            [
                Some.Increments("items", 20),
                Some.Increments("commits", 20, new() { TableFormat = TableFormat.Iceberg }),
            ],
            Cancellation);
    }
}
