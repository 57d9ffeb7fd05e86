using System.Globalization;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Catalogs;

/// <summary>
/// Loads into a catalog of type HIVE that end at any call; <c>DLT_KILLS=all</c> tries every call, else every 23rd.
/// </summary>
public sealed class ForeignCatalogKillTests
{
    private static readonly int Stride = Environment.GetEnvironmentVariable("DLT_KILLS") == "all" ? 1 : 23;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory, InlineData(false, false), InlineData(true, false), InlineData(false, true), InlineData(true, true)]
    public async Task A_load_that_ends_at_any_call_and_is_run_again_gives_the_result_of_one_clean_run(bool isLastDone, bool isOtherMachine)
    {
        var ended = 0;
        for (var end = 1 + (isLastDone ? Stride / 2 : 0) + (isOtherMachine ? Stride / 4 : 0); ; end += Stride)
        {
            await using var world = new HiveCatalogWorld(isLastDone: isLastDone);
            var options = world.Options with { HivePartitions = "glue" };
            await world.Pipeline(options).RunAsync(Resources(1, "old"), Cancellation);
            world.Server.EndsAt = world.Server.Calls.Count + end;
            var isDone = true;
            try
            {
                await world.Pipeline(options).RunAsync(Resources(2, "new"), Cancellation);
            }
            catch (DltException)
            {
                isDone = false;
                ended++;
            }

            isDone &= world.Server.Calls.Count < world.Server.EndsAt;
            world.Server.EndsAt = 0;
            // Another machine takes the lease at once when the clock of the store says that it is too old.
            if (isOtherMachine) world.Server.ClockAhead = TimeSpan.FromMinutes(2);
            await world.Pipeline(options, machine: isOtherMachine ? "two" : "one").RunAsync(Resources(2, "new"), Cancellation);
            var rows = await world.ValuesAsync("""
                SELECT (SELECT string_agg(id, ' ' ORDER BY id) FROM appended)
                    || ' ' || (SELECT string_agg(DISTINCT name, ' ') FROM replaced)
                    || ' ' || (SELECT string_agg(DISTINCT name, ' ') FROM parted)
                    || ' ' || (SELECT count(*) - count(DISTINCT load_id) FROM _dlt_loads)
                """);
            Assert.True(rows == "0 1 new new 0", $"end {end} done {isLastDone} other {isOtherMachine}: {rows}");
            if (isDone) break;
        }

        Assert.True(ended > 1, ended.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Increments, which the state counts, and replaced tables, one of them with partitions and a new column.</summary>
    private static Resource[] Resources(int end, string name)
    {
        var replace = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        return
        [
            Some.Increments("appended", end),
            Some.Resource("replaced", replace, $$"""{"name":"{{name}}"}"""),
            Some.Resource("parted", replace with { Partitions = [Partition.Identity("country")] },
                $$"""{"name":"{{name}}","country":"{{name}}","{{name}}_column":1}"""),
        ];
    }
}
