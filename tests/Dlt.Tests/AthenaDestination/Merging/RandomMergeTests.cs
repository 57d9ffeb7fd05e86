using System.Globalization;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>
/// Random sequences of loads with every merge strategy, on machines that end at any call, against a plain model. <c>DLT_MERGES</c> is the
/// number of sequences, 1 by default.
/// </summary>
public sealed class RandomMergeTests
{
    private const int Loads = 6;
    private const int MostLoads = 60;

    private static readonly int Sequences = int.TryParse(
        Environment.GetEnvironmentVariable("DLT_MERGES"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 1;

    [Theory, Scenario("X-07")]
    [InlineData(true, false), InlineData(false, false), InlineData(true, true), InlineData(false, true)]
    public async Task Loads_that_end_at_any_call_and_are_overtaken_give_the_rows_of_the_model(bool keepsFolder, bool isOvertaken)
    {
        var ended = 0;
        for (var sequence = 0; sequence < Sequences; sequence++)
        {
            using var folder = new TempFolder();
            var random = new Random((sequence * 4) + (keepsFolder ? 1 : 0) + (isOvertaken ? 2 : 0));
            var world = new MergeWorld(folder, random);
            var machine = "first";
            var calls = 0;
            var before = ended;
            for (var load = 0; load < Loads || (ended == before && load < MostLoads); load++)   // at least one load ends
            {
                var rows = world.NextRows(hasExtra: load > 2);
                var story = $"sequence {sequence}, load {load}, folder kept: {keepsFolder}, overtaken: {isOvertaken}";
                for (var isDone = false; !isDone;)
                {
                    int? end = calls > 0 && random.Next(3) > 0 ? random.Next(calls) + 1 : null;
                    var isLastDone = random.Next(2) == 0;
                    isDone = await world.LoadAsync(machine, rows, end, isLastDone, isOvertaken ? world.Overtake : null);
                    story += $", ends at {end} of {calls} {isLastDone}";
                    if (isDone) break;
                    ended++;
                    if (!keepsFolder) machine = $"machine{ended}";
                }

                calls = Math.Max(calls, world.Calls);
                await world.CheckAsync(story);
            }
        }

        Assert.True(ended >= Sequences, $"{ended}");
    }
}
