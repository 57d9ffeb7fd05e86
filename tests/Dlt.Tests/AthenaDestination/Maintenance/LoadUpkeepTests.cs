using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Dlt.Iceberg;
using Dlt.Lake;
using Dlt.Parquet.Reading;
using Dlt.Storage;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;
using IcebergTable = Dlt.Iceberg.Table;

namespace Dlt.Tests.AthenaDestination.Maintenance;

/// <summary>The setting <c>maintenance</c> keeps the tables of a pipeline small, and never fails a load.</summary>
public sealed class LoadUpkeepTests : AccountTests
{
    private readonly Clock _clock = new();

    [Fact]
    public async Task Without_the_setting_a_load_leaves_tables_as_they_are()
    {
        for (var id = 0; id < 25; id++) await LoadAsync([id], "off");
        Assert.Equal(25, (await OpenTableAsync()).Metadata.Snapshots.Length);
        Assert.Equal(25, (await Machine.KeysAsync(Account, "ds/items/data/")).Count);
    }

    /// <summary>200 loads with <c>./test.sh long</c>, where <c>DLT_APPENDS</c> says so.</summary>
    [Theory, InlineData(WriteDisposition.Append), InlineData(WriteDisposition.Merge)]
    public async Task Files_manifests_and_metadata_stay_bounded_over_many_loads(WriteDisposition disposition)
    {
        const int before = 30;   // from here on nothing grows
        var loads = int.TryParse(Environment.GetEnvironmentVariable("DLT_APPENDS"), out var number) ? number : 40;
        var hints = Iceberg with
        {
            WriteDisposition = disposition,
            PrimaryKey = ["id"],
            MergeStrategy = disposition == WriteDisposition.Merge ? new MergeStrategy.Upsert() : null,
            TableProperties = ImmutableDictionary<string, string>.Empty
                .Add("history.expire.max-snapshot-age-ms", "21600000").Add("write.metadata.previous-versions-max", "10"),
        };
        var (files, snapshots, manifests, objects) = (0, 0, 0, 0);
        for (var id = 0; id < loads; id++)
        {
            int[] ids = disposition == WriteDisposition.Merge && id > 0 ? [id - 1, id] : [id];
            await LoadAsync(ids, "compact-and-expire", hints);
            _clock.Advance(TimeSpan.FromHours(1));
            if (id < before) continue;
            var table = await OpenTableAsync();
            files = Math.Max(files, await table.Scan().PlanFilesAsync(Cancellation).CountAsync(Cancellation));
            snapshots = Math.Max(snapshots, table.Metadata.Snapshots.Length);
            var keys = await Machine.KeysAsync(Account, "ds/items/");
            manifests = Math.Max(manifests, keys.Count(k => k.Contains("-m", StringComparison.Ordinal)));
            objects = Math.Max(objects, keys.Count);
        }

        Assert.Equal($"{loads} {loads}", await Some.ValueAsync(Account, "SELECT count(*) || ' ' || count(DISTINCT id) FROM items"));
        Assert.InRange(files, 1, 25);
        Assert.InRange(snapshots, 1, 35);
        Assert.InRange(manifests, 1, 80);
        Assert.InRange(objects, 1, 200);
    }

    [Fact]
    public async Task A_failure_is_a_warning_and_the_load_is_complete()
    {
        var glue = Steps.Intercept(Account.Glue, (method, given, call) =>
            method == nameof(IGlueCatalog.UpdateTableAsync) && IsCompaction(given.OfType<GlueTableInput>().First())
                ? throw new GlueException("AccessDeniedException", "not allowed") : call());
        var warnings = new List<string>();
        for (var id = 0; id < 21; id++) await LoadAsync([id], "compact", account: new Machine(Account, glue: glue), warnings: warnings);
        Assert.Contains(
            warnings, w => w.Contains("ds.items", StringComparison.Ordinal) && w.Contains("not allowed", StringComparison.Ordinal));
        Assert.Equal("21", await Some.ValueAsync(Account, "SELECT count(*) FROM items"));
        Assert.Equal("21", await Some.ValueAsync(Account, "SELECT count(*) FROM _dlt_loads"));
        Assert.Equal(0, Machine.Pending(Account));

        bool IsCompaction(GlueTableInput table)
        {
            if (table.Name != "items") return false;
            var location = ObjectLocation.Parse(table.Parameters!["metadata_location"]);
            var metadata = Account.Objects.GetAsync(location, cancellationToken: Cancellation).GetAwaiter().GetResult();
            return Encoding.UTF8.GetString(metadata).Contains("\"replace\"", StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Rows_are_rewritten_only_a_few_times()
    {
        var written = 0L;
        for (var id = 0; id < 61; id++) await LoadAsync([id], "compact");
        foreach (var snapshot in (await OpenTableAsync()).Metadata.Snapshots.Where(s => s.Operation == "replace"))
            written += long.Parse(snapshot.Summary.GetValueOrDefault("added-records", "0"), CultureInfo.InvariantCulture);
        Assert.InRange(written, 60, 61 * 2);
        Assert.Equal("61", await Some.ValueAsync(Account, "SELECT count(*) FROM items"));
    }

    private Task<LoadInfo> LoadAsync(
        int[] ids, string maintenance, ResourceHints? hints = null, LakeAccount? account = null, List<string>? warnings = null)
    {
        var destination = Athena.Destination(account ?? Account, options: new() { Maintenance = maintenance });
        var pipeline = Pipeline.Create("pipe", destination, "ds", new()
        {
            Configuration = Some.Configuration(Account.Folder),
            Time = _clock,
            Warn = text => warnings?.Add(text),
        });
        return pipeline.RunAsync(Some.Resource("items", hints ?? Iceberg, [.. ids.Select(id => $$"""{"id":{{id}}}""")]), Cancellation);
    }

    private Task<IcebergTable> OpenTableAsync() =>
        new GlueCatalog(Account.Glue, Account.Objects) { DataFileReader = new ParquetDataFileReader() }
            .LoadTableAsync(new("ds", "items"), Cancellation);

    /// <summary>The clock of the system, which a test moves forward.</summary>
    private sealed class Clock : TimeProvider
    {
        private TimeSpan _ahead;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;

        public void Advance(TimeSpan by) => _ahead += by;
    }
}
