using System.Globalization;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>
/// Many pipelines load into one dataset at the same time through slow services. DLT_PIPELINES is their number, 8 by default. DLT_LOADS is
/// the number of loads of each of eight pipelines, 2 by default.
/// </summary>
public sealed class ManyPipelinesTests : IDisposable
{
    private const int LatencyMs = 40;

    private static readonly int Pipelines = NumberOf("DLT_PIPELINES", 8);
    private static readonly int Loads = NumberOf("DLT_LOADS", 2);

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

    [Theory, Scenario("X-04")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Eight_pipelines_that_load_again_and_again_lose_no_row_load_or_version(bool forceIceberg)
    {
        const int pipelines = 8;
        var account = Some.Account(_folder);
        (string, string)[] settings = forceIceberg ? [("DESTINATION__ATHENA__FORCE_ICEBERG", "true")] : [];
        Task LoadAsync(int pipeline) => Task.Factory.StartNew(
            () =>
            {
                var machine = new Machine(account, _folder.File("p" + pipeline));
                for (var load = 0; load < Loads; load++)
                {
                    // Every fourth pipeline refreshes its tables with each second load; the others append to a table that they share.
                    var refreshes = pipeline % 4 == 3;
                    var own = Some.Resource("own_" + pipeline, $$"""{"id":{{load}},"column_{{load}}":1}""");
                    var shared = Some.Resource("shared", $$"""{"p":{{pipeline}},"id":{{load}}}""");
                    Resource[] resources = refreshes ? [own] : [own, shared];
                    RefreshMode? refresh = refreshes && load % 2 == 1 ? RefreshMode.DropSources : null;
                    machine.Pipeline("p" + pipeline, refresh: refresh, settings: settings)
                        .RunAsync(resources, Cancellation).GetAwaiter().GetResult();
                }
            },
            Cancellation, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(Enumerable.Range(0, pipelines).Select(LoadAsync));

        var invariant = CultureInfo.InvariantCulture;
        var expected = (pipelines - pipelines / 4) * Loads;
        Assert.Equal(string.Create(invariant, $"{expected} {expected}"),
            await Some.ValueAsync(account, "SELECT count(*) || ' ' || count(DISTINCT (p, id)) FROM shared"));
        var all = pipelines * Loads;
        Assert.Equal(string.Create(invariant, $"{all} {all}"),
            await Some.ValueAsync(account, "SELECT count(*) || ' ' || count(DISTINCT load_id) FROM _dlt_loads"));
        for (var pipeline = 0; pipeline < pipelines; pipeline++)
        {
            var rows = pipeline % 4 != 3 ? Loads : Loads % 2 == 0 ? 1 : Math.Min(2, Loads);
            Assert.Equal(rows.ToString(invariant), await Some.ValueAsync(account, $"SELECT count(*) FROM own_{pipeline}"));
        }

        // A refresh forgets the earlier versions of its schema; each pipeline that does not refresh has all of its own, once.
        Assert.Equal("0", await Some.ValueAsync(account, """
            SELECT count(*) FROM _dlt_loads l WHERE schema_name NOT IN ('p3', 'p7') AND 1 <>
                (SELECT count(*) FROM _dlt_version v WHERE v.version_hash = l.schema_version_hash AND v.schema_name = l.schema_name)
            """));
        Assert.Equal("8", await Some.ValueAsync(account, """
            SELECT count(*) FROM _dlt_version v JOIN
                (SELECT schema_name, max_by(schema_version_hash, CAST(load_id AS double)) AS hash FROM _dlt_loads GROUP BY 1) l
                ON v.version_hash = l.hash AND v.schema_name = l.schema_name
            """));
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

    private static int NumberOf(string variable, int usual) => int.TryParse(
        Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : usual;

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
