using System.Globalization;
using Dlt.Lake;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Costs;

/// <summary>Counts the calls of whole runs and compares them with docs/costs.md.</summary>
public sealed class CostTests : IDisposable
{
    /// <summary>Calls by which the page may be above the counted ones, so that it is not only a bound but a number.</summary>
    private const int Slack = 12;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, Scenario("T-84"), Scenario("X-03")]
    [InlineData("Hive", 1)]
    [InlineData("Hive", 10)]
    [InlineData("Hive", 100)]
    [InlineData("Iceberg", 1)]
    [InlineData("Iceberg", 10)]
    [InlineData("Iceberg", 100)]
    public async Task Runs_take_the_calls_that_the_page_of_costs_says(string format, int tables)
    {
        var calls = new CountedCalls(Some.Account(_folder));
        await RunAsync(calls, format, tables);
        CheckPage(format, tables, "first", calls.Athena, [calls.Glue], [calls.S3], calls.Uploads, calls.ToString());
        List<int> glue = [], s3 = [];
        for (var run = 0; run < 3; run++)
        {
            await RunAsync(calls, format, tables);
            glue.Add(calls.Glue);
            s3.Add(calls.S3);
        }

        CheckPage(format, tables, "unchanged", calls.Athena, glue, s3, calls.Uploads, calls.ToString());
    }

    [Fact]
    public async Task The_number_of_earlier_loads_adds_no_calls()
    {
        var calls = new CountedCalls(Some.Account(_folder));
        for (var run = 0; run < 8; run++) await RunAsync(calls, "Hive", 1);
        var few = calls.S3;
        for (var run = 0; run < 12; run++) await RunAsync(calls, "Hive", 1);
        Assert.Equal((5, few), (calls.Glue, calls.S3));
    }

    [Fact]
    public async Task Old_state_files_are_listed_and_not_read()
    {
        var account = Some.Account(_folder);
        var calls = new CountedCalls(account);
        for (var run = 0; run < 2; run++) await RunAsync(calls, "Hive", 1);
        var before = calls.ToString();
        var folder = Path.Combine(account.Folder, "s3", "lake", "ds", "_dlt_pipeline_state");
        for (var file = 0; file < 10_000; file++)
            File.WriteAllText(Path.Combine(folder, $"{1_600_000_000 + file}.5.{file:x10}.parquet"), "not Parquet");
        // A machine without a working folder restores the state, and the next run is like the ones before.
        var fresh = new CountedCalls(account, _folder.File("fresh"));
        Assert.True((await fresh.Machine.RunAsync(Some.Resource("table_000", """{"id":1}"""))).RestoredFromDestination);
        await RunAsync(calls, "Hive", 1);
        Assert.Equal(before, calls.ToString());
    }

    [Fact]
    public async Task Tables_of_others_in_the_database_add_no_calls()
    {
        var account = Some.Account(_folder);
        var calls = new CountedCalls(account);
        for (var run = 0; run < 2; run++) await RunAsync(calls, "Hive", 1);
        var before = calls.ToString();
        var table = (await account.Glue.GetTableAsync("ds", "table_000", Cancellation))!.Definition;
        for (var i = 0; i < 200; i++) await account.Glue.CreateTableAsync("ds", table with { Name = $"foreign_{i}" }, Cancellation);
        await RunAsync(calls, "Hive", 1);
        await RunAsync(calls, "Hive", 1);
        Assert.Equal(before, calls.ToString());
        Assert.Equal(0, calls.Of("glue.GetTables"));
    }

    [Fact]
    public async Task Iceberg_tables_are_committed_side_by_side()
    {
        var account = Some.Account(_folder);
        await new Machine(account).Pipeline(settings: Settings("Iceberg")).RunAsync(Tables(4), Cancellation);
        using var all = new CountdownEvent(4);
        var together = 0;
        var glue = Steps.Intercept(account.Glue, (method, given, call) =>
        {
            if (method != nameof(IGlueCatalog.UpdateTableAsync) || !given.OfType<GlueTableInput>().First().Name.StartsWith("table_",
                StringComparison.Ordinal)) return call();
            return Task.Run(async () =>
            {
                all.Signal();
                if (all.Wait(TimeSpan.FromMinutes(1), Cancellation)) Interlocked.Increment(ref together);
                await (Task)call()!;
            });
        });
        await new Machine(account, glue: glue).Pipeline(settings: Settings("Iceberg")).RunAsync(Tables(4), Cancellation);
        Assert.Equal(4, together);
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT count(*) FROM table_003"));
    }

    private static async Task RunAsync(CountedCalls calls, string format, int tables)
    {
        calls.Reset();
        await calls.Machine.Pipeline(settings: Settings(format)).RunAsync(Tables(tables), Cancellation);
    }

    /// <summary>Compares counts with the row of the page.</summary>
    private static void CheckPage(
        string format, int tables, string run, int queries, List<int> glue, List<int> s3, int files, string calls)
    {
        var page = File.ReadAllText(Path.Combine(Tool.Repository, "docs", "costs.md"));
        var section = page.Split("\n## ").Single(s => s.Contains(format, StringComparison.Ordinal) && s.Contains("| first |"));
        var row = section.Split('\n').Single(l => l.StartsWith($"| {tables} | {run} |", StringComparison.Ordinal));
        int[] numbers = [.. row.Split('|').Skip(3).Take(5).Select(n => int.Parse(n, CultureInfo.InvariantCulture))];
        Assert.Equal((numbers[0], numbers[4]), (queries, files));
        Assert.True(glue.Max() <= numbers[2] && glue.Max() >= numbers[2] - Slack, $"Glue {string.Join(",", glue)}: {row}: {calls}");
        Assert.True(s3.Max() <= numbers[3] && s3.Max() >= numbers[3] - Slack, $"S3 {string.Join(",", s3)}: {row}: {calls}");
    }

    private static (string, string)[] Settings(string format) =>
        format == "Iceberg" ? [("DESTINATION__ATHENA__FORCE_ICEBERG", "true")] : [];

    private static Resource[] Tables(int count) =>
        [.. Enumerable.Range(0, count).Select(i => Some.Resource($"table_{i:000}", """{"id":1}"""))];
}
