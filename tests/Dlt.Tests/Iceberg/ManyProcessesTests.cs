using Dlt.Iceberg;
using Dlt.Tests.Support;

namespace Dlt.Tests.Iceberg;

public sealed class ManyProcessesTests : IDisposable
{
    private const int Writers = 8;

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Dispose();
    }

    [Theory, InlineData("folder"), InlineData("sqlite"), InlineData("glue")]
    public async Task Eight_processes_append_fifty_times_each_and_no_snapshot_and_no_file_is_lost(string kind)
    {
        if (kind == "glue")
        {
            Directory.CreateDirectory(Path.Combine(_folder.Path, "s3", "lake"));
            await new LocalAthena(_folder.Path).Glue.CreateDatabaseAsync(
                new() { Name = "shop", LocationUri = "s3://lake/shop" }, Cancellation);
        }

        var catalog = AppendChild.Catalog(_folder.Path, kind);
        var retries = new Dictionary<string, string>
        {
            ["commit.retry.num-retries"] = "60",
            ["commit.retry.min-wait-ms"] = "5",
            ["commit.retry.max-wait-ms"] = "200",
        };
        await catalog.CreateTableAsync(new("shop", "items"), new Schema([new(1, "id", new PrimitiveType(PrimitiveKind.Long))]),
            properties: retries, cancellationToken: Cancellation);
        var writers = await Task.WhenAll(Enumerable.Range(0, Writers)
            .Select(w => Tool.RunAsync(Environment.ProcessPath!, Tool.OwnArguments("append", _folder.Path, kind, $"{w}"))));
        foreach (var writer in writers) writer.Succeeded();

        const int all = Writers * AppendChild.Appends;
        var table = await catalog.LoadTableAsync(new("shop", "items"), Cancellation);
        Assert.Equal(all, table.Metadata.Snapshots.Length);
        Assert.Equal(all, table.Metadata.AncestorsOf(table.Metadata.CurrentSnapshot).Count());
        Assert.Equal($"{all}", table.Metadata.CurrentSnapshot!.Summary["total-records"]);
        Assert.Equal(Enumerable.Range(0, all).Select(i => new ScanRow($"{i}")).OrderBy(r => r.ToString(), StringComparer.Ordinal),
            await TableScanRows.ReadAsync(table.Scan()));
    }
}
