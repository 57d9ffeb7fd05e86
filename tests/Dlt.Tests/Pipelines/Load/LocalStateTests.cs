using Dlt.Json;
using Dlt.Packages;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Load;

/// <summary>The local state counts only where it follows from the state that the dataset of the run has.</summary>
public sealed class LocalStateTests : AccountTests
{
    private readonly List<string> _warnings = [];

    [Theory, InlineData("extract"), InlineData("normalize"), InlineData("load")]
    public async Task A_package_that_waits_when_the_dataset_is_dropped_does_not_move_the_new_state(string stop)
    {
        await Pipe().RunAsync(Numbers(3), Cancellation);
        await StopAsync(5, stop);
        await DropAsync("ds");
        await Pipe().RunAsync(Numbers(5), Cancellation);
        Assert.Equal("0,1,2,3,4", await IdsAsync());
        Assert.Contains(_warnings, w => w.Contains("was set aside", StringComparison.Ordinal));
        await Pipe().RunAsync(Numbers(6), Cancellation);
        Assert.Equal("0,1,2,3,4,5", await IdsAsync());
    }

    [Fact]
    public async Task A_package_of_the_first_load_is_kept_when_there_is_no_dataset()
    {
        await StopAsync(2, "load");
        await DropAsync("ds");
        await Pipe().RunAsync(Numbers(3), Cancellation);
        Assert.Equal("0,1,2", await IdsAsync());
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task A_package_without_a_state_is_loaded_when_the_dataset_was_dropped_and_cursors_begin_again()
    {
        await Pipe().RunAsync(Numbers(3), Cancellation);
        await using (var run = await Pipe().BeginAsync(Cancellation))
            await run.ExtractAsync(new Source("pipe", Some.Resource("plain", """{"a":1}""")), Cancellation);
        await DropAsync("ds");
        await Pipe().RunAsync(Numbers(4), Cancellation);
        Assert.Equal("0,1,2,3", await IdsAsync());
        Assert.Equal("1", await Some.ValueAsync(Account, "SELECT count(*) FROM plain"));
    }

    [Fact]
    public async Task Each_pipeline_of_a_dropped_dataset_starts_from_the_beginning()
    {
        await Pipe("one").RunAsync(Numbers(3, "one"), Cancellation);
        await Pipe("two").RunAsync(Numbers(3, "two"), Cancellation);
        await DropAsync("ds");
        await Pipe("one").RunAsync(Numbers(4, "one"), Cancellation);
        await Pipe("two").RunAsync(Numbers(4, "two"), Cancellation);
        Assert.Equal("0,1,2,3", await IdsAsync("ds", "one"));
        Assert.Equal("0,1,2,3", await IdsAsync("ds", "two"));
        Assert.Equal(2, _warnings.Count);
        await new Machine(Account, Folder.File("other")).Pipeline("two").RunAsync(Numbers(5, "two"), Cancellation);
        await Pipe("two").RunAsync(Numbers(6, "two"), Cancellation);
        Assert.Equal("0,1,2,3,4,5", await IdsAsync("ds", "two"));
    }

    [Fact]
    public async Task A_machine_follows_the_state_of_a_dataset_that_another_machine_made_again()
    {
        for (var end = 1; end <= 5; end++) await Pipe().RunAsync(Numbers(end), Cancellation);
        await DropAsync("ds");
        await new Machine(Account, Folder.File("other")).Pipeline().RunAsync(Numbers(2), Cancellation);
        await Pipe().RunAsync(Numbers(6), Cancellation);
        Assert.Equal("0,1,2,3,4,5", await IdsAsync());
    }

    [Fact]
    public async Task Two_datasets_in_turn_have_separate_cursors()
    {
        await Pipe(dataset: "dev").RunAsync(Numbers(3), Cancellation);
        await Pipe(dataset: "prod").RunAsync(Numbers(3), Cancellation);
        Assert.Contains("'prod' has no state of pipeline 'pipe'", Assert.Single(_warnings), StringComparison.Ordinal);
        await Pipe(dataset: "prod").RunAsync(Numbers(5), Cancellation);
        await Pipe(dataset: "dev").RunAsync(Numbers(9), Cancellation);
        await Pipe(dataset: "prod").RunAsync(Numbers(7), Cancellation);
        Assert.Equal("0,1,2,3,4,5,6,7,8", await IdsAsync("dev"));
        Assert.Equal("0,1,2,3,4,5,6", await IdsAsync("prod"));
        Assert.Single(_warnings);
    }

    [Fact]
    public async Task Two_destinations_in_turn_have_separate_cursors()
    {
        await Pipe().RunAsync(Numbers(3), Cancellation);
        await InBucketAsync(3);
        await InBucketAsync(5);
        await Pipe().RunAsync(Numbers(9), Cancellation);
        Assert.Equal("0,1,2,3,4,5,6,7,8", await IdsAsync());
    }

    [Theory, InlineData("extract"), InlineData("normalize"), InlineData("load")]
    public async Task A_package_that_waits_for_another_dataset_loses_no_rows_of_either(string stop)
    {
        await Pipe(dataset: "prod").RunAsync(Numbers(4), Cancellation);
        await Pipe(dataset: "dev").RunAsync(Numbers(3), Cancellation);
        await StopAsync(5, stop, "dev");
        await Pipe(dataset: "prod").RunAsync(Numbers(6), Cancellation);
        await Pipe(dataset: "dev").RunAsync(Numbers(7), Cancellation);
        Assert.Equal("0,1,2,3,4,5", await IdsAsync("prod"));
        Assert.Equal("0,1,2,3,4,5,6", await IdsAsync("dev"));
    }

    [Fact]
    public async Task Separate_datasets_of_schemas_follow_the_dataset_of_the_pipeline()
    {
        (string, string) separate = ("USE_SINGLE_DATASET", "false");
        await RunAsync("dev", 3);
        await RunAsync("prod", 3);
        await RunAsync("prod", 5);
        await RunAsync("dev", 9);
        Assert.Equal("0,1,2,3,4,5,6,7,8", await IdsAsync("dev_second"));
        Assert.Equal("0,1,2,3,4,5,6,7,8", await IdsAsync("dev"));

        async Task RunAsync(string dataset, int end)
        {
            await Pipe(dataset: dataset, settings: separate).RunAsync(Numbers(end), Cancellation);
            await Pipe(dataset: dataset, settings: separate).RunAsync(new Source("second", Cursor("items", end)), Cancellation);
        }
    }

    [Fact]
    public async Task A_state_that_was_never_stored_counts_where_the_dataset_exists()
    {
        await Pipe(settings: ("RESTORE_FROM_DESTINATION", "false")).RunAsync(Numbers(3), Cancellation);
        await Pipe().RunAsync(Numbers(5), Cancellation);
        Assert.Equal("0,1,2,3,4", await IdsAsync());
        Assert.Empty(_warnings);
    }

    /// <summary>A run that ends after a step; <c>load</c> fails while it uploads.</summary>
    private async Task StopAsync(int end, string stop, string dataset = "ds")
    {
        if (stop == "load")
        {
            var objects = Steps.Intercept(Account.Objects, (method, given, call) =>
                method == nameof(IObjectStore.UploadAsync) && ((ObjectLocation)given[0]!).Key.Contains("/items/", StringComparison.Ordinal)
                    ? throw new DltException("The power is gone.") : call());
            var pipeline = Pipe(dataset: dataset, objects: objects);
            await Assert.ThrowsAnyAsync<DltException>(() => pipeline.RunAsync(Numbers(end), Cancellation));
            return;
        }

        await using var run = await Pipe(dataset: dataset).BeginAsync(Cancellation);
        await run.ExtractAsync(Numbers(end), Cancellation);
        if (stop == "normalize") run.Normalize(Cancellation);
    }

    private async Task DropAsync(string dataset)
    {
        await using var maintenance = AthenaMaintenance.Open(Account, Some.Configuration(Folder.Path));
        await maintenance.DropAsync(await maintenance.FindAsync(dataset, Cancellation), cancellationToken: Cancellation);
    }

    /// <summary>Loads into the same dataset of another account, with the working folder of this one.</summary>
    private Task InBucketAsync(int end) =>
        new Machine(new(Folder.File("second")), Account.PipelinesFolder).Pipeline("pipe").RunAsync(Numbers(end), Cancellation);

    private Pipeline Pipe(
        string name = "pipe", string dataset = "ds", IObjectStore? objects = null, params (string, string)[] settings) =>
        Pipeline.Create(name, Dlt.Athena.Destination(new Machine(Account, objects: objects)), dataset, new()
        {
            Configuration = Some.Configuration(Account.Folder, settings),
            Warn = _warnings.Add,
        });

    /// <summary>Items 0 to <paramref name="end"/> - 1, those that the state does not know yet.</summary>
    private static Source Numbers(int end, string table = "items") => new("pipe", Cursor(table, end));

    private static Resource Cursor(string table, int end) => Some.Increments(table, end);

    private async Task<string> IdsAsync(string dataset = "ds", string table = "items") =>
        string.Join(",", (await Some.QueryAsync(Account, $"SELECT id FROM {table} ORDER BY id", dataset)).Rows.Select(r => r[0]));
}
