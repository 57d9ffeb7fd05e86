using System.Globalization;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>Many pipelines load into one dataset at the same time through slow services. DLT_PIPELINES is their number, 8 by
/// default.</summary>
public sealed class ManyPipelinesTests : IDisposable
{
    private const int LatencyMs = 40;

    private static readonly int Pipelines = int.TryParse(
        Environment.GetEnvironmentVariable("DLT_PIPELINES"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : 8;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, Scenario("X-04")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pipelines_that_load_into_one_dataset_at_once_all_succeed(bool forceIceberg)
    {
        var account = Some.Account(_folder);
        (string, string)[] settings = forceIceberg ? [("DESTINATION__ATHENA__FORCE_ICEBERG", "true")] : [];
        foreach (var run in Enumerable.Range(0, 2))   // the first runs add schemas, the later ones loads only
        {
            await Task.WhenAll(Enumerable.Range(0, Pipelines).Select(i => Task.Factory.StartNew(
                () => Slow(account, i).RunAsync(Some.Resource("t" + i, $$"""{"id":{{run}}}"""), "p" + i,
                    settings: settings).GetAwaiter().GetResult(),
                Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
        }

        Assert.Equal((2 * Pipelines).ToString(CultureInfo.InvariantCulture),
            await Some.ValueAsync(account, "SELECT count(DISTINCT load_id) FROM _dlt_loads"));
        Assert.Equal((2 * Pipelines).ToString(CultureInfo.InvariantCulture),
            await Some.ValueAsync(account, "SELECT count(*) FROM _dlt_loads"));
    }

    [Fact]
    public async Task A_patient_commit_outlasts_any_number_of_other_commits_unless_the_table_sets_a_number()
    {
        var account = Some.Account(_folder);
        await account.Glue.CreateDatabaseAsync(new() { Name = "ds", LocationUri = "s3://lake/ds" }, Cancellation);
        var lost = 0;
        var glue = Steps.Intercept(account.Glue, (method, call) => method == nameof(IGlueCatalog.UpdateTableAsync) && lost-- > 0
            ? throw new GlueException("ConcurrentModificationException", "Another version is current.")
            : call());
        var catalog = new GlueCatalog(glue, account.Objects, time: new NoWaits()) { DataFileReader = new ParquetDataFileReader() };
        var schema = new Schema([new(1, "id", new PrimitiveType(PrimitiveKind.Long))]);
        var table = await catalog.CreateTableAsync(new("ds", "t"), schema, cancellationToken: Cancellation);
        async Task<Table> CommitAsync(string value)
        {
            var transaction = table.NewTransaction().Patiently();
            return await transaction.UpdateProperties(new Dictionary<string, string> { ["a"] = value }).CommitAsync(Cancellation);
        }

        lost = 200;
        Assert.Equal("b", (await CommitAsync("b")).Metadata.Properties["a"]);
        table = await (await catalog.LoadTableAsync(new("ds", "t"), Cancellation)).NewTransaction().Patiently()
            .UpdateProperties(new Dictionary<string, string> { ["commit.retry.num-retries"] = "2" }).CommitAsync(Cancellation);
        lost = 200;
        var error = await Assert.ThrowsAsync<IcebergException>(() => CommitAsync("c"));
        Assert.Equal(IcebergError.Conflict, error.Error);
        Assert.Equal(197, lost);
    }

    /// <summary>A separate machine on which every call of a service takes 20 to 80 ms.</summary>
    private Machine Slow(LocalAthena account, int number)
    {
        static object? Later(Func<object?> call)
        {
            using var passed = new ManualResetEventSlim();
            passed.Wait(Random.Shared.Next(LatencyMs / 2, LatencyMs * 2), CancellationToken.None);
            return call();
        }

        return new(
            account, _folder.File("p" + number), Steps.Intercept(account.Glue, (_, call) => Later(call)),
                Steps.Intercept(account.Objects, (_, call) => Later(call)));
    }
}
