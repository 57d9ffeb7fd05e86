using System.Globalization;
using Dlt.Lake;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Merging;

/// <summary>
/// Several pipelines merge into the same tables at once. <c>DLT_MERGE_RACES</c> is the number of races, 2 by default.
/// </summary>
public sealed class ManyMergesTests : ItemsMergeTests
{
    private static readonly int Races = int.TryParse(
        Environment.GetEnvironmentVariable("DLT_MERGE_RACES"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 2;

    [Theory, InlineData("delete-insert"), InlineData("upsert"), InlineData("insert-only")]
    public async Task Two_pipelines_merge_every_increment_once(string strategy)
    {
        var hints = Merge(Strategy(strategy));
        var expected = new List<string>();
        for (var race = 1; race <= Races; race++)
        {
            var (first, second) = (race * 10, (race * 10) + 1);
            await Task.WhenAll(
                RunAsync("a", Items(hints, $"{first} {race} x y")), RunAsync("b", Items(hints, $"{second} {race} z")));
            expected.AddRange([$"{first} {race} [xy]", $"{second} {race} [z]"]);
            await AssertRowsAsync([.. expected.Order(StringComparer.Ordinal)]);
            Assert.Empty(await OrphansAsync());
        }
    }

    [Fact]
    public async Task Two_pipelines_that_replace_the_same_rows_leave_those_of_one_of_them()
    {
        for (var race = 1; race <= Races; race++)
        {
            await Task.WhenAll(
                RunAsync("a", Items(Merge(), $"1 {race} a b", $"2 {race} c")),
                RunAsync("b", Items(Merge(), $"1 {race} x", $"2 {race} y z")));
            var (rows, orphans) = await Chain.ReadAsync();
            var all = string.Join(", ", rows.Select(r => r.Replace("  ", " ", StringComparison.Ordinal)));
            Assert.True(all == $"1 {race} [ab], 2 {race} [c]" || all == $"1 {race} [x], 2 {race} [yz]", all);
            Assert.Equal(0, orphans);
        }
    }

    /// <summary>Another pipeline replaces all rows before one of the commits of a merge, or merges before one of the replace.</summary>
    [Theory, InlineData(true), InlineData(false)]
    public async Task A_merge_and_a_replace_at_the_same_time_have_one_order(bool isReplaceFirst)
    {
        var replace = Iceberg with { WriteDisposition = WriteDisposition.Replace };
        for (var at = 1; ; at++)
        {
            await DropAsync();
            var (outer, inner) = ($"outer{at}", $"inner{at}");
            await On(outer).RunAsync(Items(Merge(), "1 1 a"), outer);
            var merging = Items(Merge(), "1 2 b c", "2 2 d");
            var replacing = Items(replace, "8 8 y", "9 9 z");
            var isIn = false;
            var glue = Before(commit =>
            {
                if (commit != at) return;
                isIn = true;
                On(inner).RunAsync(isReplaceFirst ? replacing : merging, inner).GetAwaiter().GetResult();
            });
            await On(outer, glue).RunAsync(isReplaceFirst ? merging : replacing, outer);
            if (!isIn) break;
            var (rows, orphans) = await Chain.ReadAsync();
            var all = string.Join(", ", rows.Select(r => r.Replace("  ", " ", StringComparison.Ordinal)));
            Assert.True(all is "8 8 [y], 9 9 [z]" or "1 2 [bc], 2 2 [d], 8 8 [y], 9 9 [z]", $"{at}: {all}");
            Assert.True(orphans == 0, $"{at}: {all} and {orphans} nested rows without a root row");
        }
    }

    private Task RunAsync(string machine, Resource resource) => Task.Factory.StartNew(
        () => On(machine, Slow(Account.Glue), Slow(Account.Objects)).RunAsync(resource, machine).GetAwaiter().GetResult(),
        Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>A service whose calls wait for each other, so that the pipelines take turns in every order.</summary>
    private static T Slow<T>(T service) where T : class => Steps.Intercept(service, (_, call) =>
    {
        using var passed = new ManualResetEventSlim();
        passed.Wait(Random.Shared.Next(0, 12), CancellationToken.None);
        return call();
    });
}
