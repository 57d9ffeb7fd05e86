using Dlt.Destinations.Bookkeeping;
using Dlt.Destinations.Tables;
using Dlt.Iceberg;
using Dlt.Naming;
using Dlt.Parquet.Reading;
using Dlt.Schemas;
using Dlt.Tests.Support;
using Dlt.Types;

namespace Dlt.Tests.AthenaDestination.Bookkeeping;

public sealed class BookkeepingUpkeepTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_table_of_loads_stays_small_and_keeps_all_loads()
    {
        const int loads = 260;
        var account = Some.Account(_folder);
        Directory.CreateDirectory(Path.Combine(account.Folder, "s3", "lake"));
        await account.Glue.CreateDatabaseAsync(new() { Name = "ds" }, Cancellation);
        var time = new Hours();
        var catalog = new GlueCatalog(account.Glue, account.Objects, time: time) { DataFileReader = new ParquetDataFileReader() };
        var ddl = new GlueDdl(account.Glue, catalog);
        var tables = new IcebergTables(catalog, "ds", name => $"s3://lake/ds/{name}", new Dictionary<string, string>(), ddl);
        var bookkeeping = new IcebergBookkeepingTable(catalog, tables, "ds", SystemTables.Loads, new(warning => Assert.Fail(warning)));
        var schema = SystemTables.LoadsTable(NamingConvention.Create("snake_case", 255));
        Task AppendAsync(int load)
        {
            (string, DataValue)[] row =
            [
                ("load_id", DataValue.Text($"{load}")), ("schema_name", DataValue.Text("s")), ("status", DataValue.Bigint(0)),
                ("inserted_at", DataValue.Timestamp(Timestamp.From(time.GetUtcNow()))),
            ];
            return bookkeeping.AppendOnceAsync(schema, [new($"{load}", $"{load}", row)], Cancellation);
        }

        for (var load = 0; load < loads; load++)
        {
            await AppendAsync(load);
            time.Pass();
        }

        await AppendAsync(loads - 20);   // a repeated load adds no second row
        var rows = await bookkeeping.ReadAsync(Cancellation);
        Assert.Equal(Enumerable.Range(0, loads).Select(l => $"{l}"), rows.Select(r => (string)r["load_id"]!).OrderBy(int.Parse));
        var table = await catalog.LoadTableAsync(new("ds", SystemTables.Loads), Cancellation);
        Assert.InRange(table.Metadata.Snapshots.Length, BookkeepingUpkeep.KeptSnapshots, BookkeepingUpkeep.MaxSnapshots);
        Assert.InRange(int.Parse(table.Metadata.CurrentSnapshot!.Summary["total-data-files"]), 1, BookkeepingUpkeep.MaxFiles);
        var later = new GlueCatalog(account.Glue, account.Objects, time: new Later());
        Assert.Empty(await (await later.LoadTableAsync(new("ds", SystemTables.Loads), Cancellation))
            .RemoveOrphanFilesAsync(dryRun: true, cancellationToken: Cancellation));
    }

    private sealed class Later : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddDays(10);
    }

    private sealed class Hours : TimeProvider
    {
        private DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

        public void Pass() => _now += TimeSpan.FromHours(1);

        public override DateTimeOffset GetUtcNow() => _now;
    }
}
