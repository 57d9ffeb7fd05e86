using Dlt.Json;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Journal;

/// <summary>
/// With <c>use_single_dataset = false</c> each schema but the first has its own dataset. The lease of the first one guards all of them, and
/// the next run, on whichever machine, goes on from the newest state and recovers what an earlier run left.
/// </summary>
public sealed class SeparateDatasetTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Another_machine_goes_on_from_the_state_of_the_second_schema()
    {
        var account = Some.Account(_folder);
        await RunAsync(new Machine(account, _folder.File("a")), "one", 2);
        await RunAsync(new Machine(account, _folder.File("a")), "two", 2);
        await RunAsync(new Machine(account, _folder.File("b")), "two", 4);
        await RunAsync(new Machine(account, _folder.File("c")), "one", 4);
        await RunAsync(new Machine(account, _folder.File("a")), "two", 5);
        Assert.Equal("0123", await IdsAsync(account, "ds"));
        Assert.Equal("01234", await IdsAsync(account, "ds_two"));
    }

    [Fact]
    public async Task The_load_info_names_the_dataset_of_the_schema_and_its_query()
    {
        var account = Some.Account(_folder);
        await RunAsync(new Machine(account, _folder.File("a")), "one", 1);
        var text = (await RunAsync(new Machine(account, _folder.File("a")), "two", 2)).ToString();
        Assert.Contains(" and into dataset ds_two\n", text, StringComparison.Ordinal);
        Assert.Contains("\nData: s3://lake/ds_two", text, StringComparison.Ordinal);
        Assert.EndsWith("\nQuery: dlt query ds_two \"SELECT * FROM items LIMIT 10\"", text, StringComparison.Ordinal);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task A_load_of_the_second_schema_that_a_lost_machine_left_is_completed_or_taken_back(bool isLastDone)
    {
        var ended = 0;
        for (var end = isLastDone ? 3 : 1; ; end += 17)
        {
            var account = new LocalAthena(_folder.File($"account{end}"));
            string Of(string machine) => _folder.File($"{machine}{end}");
            await RunAsync(new Machine(account, Of("first")), "one", 2);
            await RunAsync(new Machine(account, Of("first")), "two", 2);
            var steps = new Steps { End = end, IsLastDone = isLastDone };
            var isDone = true;
            try
            {
                await RunAsync(new Machine(account, Of("lost"), steps.Watch(account.Glue), steps.Watch(account.Objects)), "two", 4);
            }
            catch (Exception error) when (error is Steps.EndedException or DltException { InnerException: Steps.EndedException })
            {
                isDone = false;
                ended++;
            }

            await RunAsync(new Machine(account, Of("next")), "two", 4);
            await RunAsync(new Machine(account, Of("lost")), "two", 4);
            Assert.True(await IdsAsync(account, "ds_two") is "0123", $"end {end}: {await IdsAsync(account, "ds_two")}");
            Assert.Equal("0", await Some.ValueAsync(account, "SELECT count(*) - count(DISTINCT load_id) FROM _dlt_loads", "ds_two"));
            if (isDone) break;
        }

        Assert.True(ended > 2, $"{ended}");
    }

    private static async Task<string?> IdsAsync(LocalAthena account, string dataset) =>
        await Some.ValueAsync(account, "SELECT string_agg(CAST(id AS varchar), '' ORDER BY id) FROM items", dataset);

    private static Task<LoadInfo> RunAsync(Machine machine, string schema, int end) => machine.Pipeline(
        settings: [("USE_SINGLE_DATASET", "false"), ("DESTINATION__ATHENA__LEASE", "1")]).RunAsync(
            new Source(schema, Some.Increments("items", end)), Cancellation);
}
