using Dlt.Iceberg;
using Dlt.Parquet.Reading;
using Dlt.Storage;
using Dlt.Tests.Iceberg;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>
/// Somebody reads the tables before and after each call that a load makes. Iceberg tables always have the rows of one load; external tables
/// are never empty.
/// </summary>
public sealed class ReadersDuringLoadsTests : IDisposable
{
    private const int Rows = 3;

    private readonly TempFolder _folder = new();
    private readonly List<string> _seen = [];
    private bool _isReading;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LocalAthena Account => Some.Account(_folder);

    public void Dispose() => _folder.Dispose();

    [Fact, Scenario("X-08")]
    public async Task A_replace_never_shows_an_iceberg_table_that_is_mixed_or_any_table_that_is_empty()
    {
        await new Machine(Account).Pipeline().RunAsync(Tables(1), Cancellation);
        for (var load = 2; load < 5; load++)
        {
            var machine = new Machine(Account, glue: Watched(Account.Glue), objects: Watched(Account.Objects));
            await machine.Pipeline().RunAsync(Tables(load), Cancellation);
        }

        var (iceberg, external) = (Of("iceberg"), Of("external"));
        Assert.Equal(["111", "222", "333", "444"], iceberg.Distinct());
        Assert.DoesNotContain("", external);
        Assert.Equal("444", external[^1]);
        Assert.Contains("111222", external);   // both for a moment, while the old files are deleted
    }

    private List<string> Of(string table) =>
        [.. _seen.Where(s => s.StartsWith(table, StringComparison.Ordinal)).Select(s => s[(table.Length + 1)..])];

    private T Watched<T>(T service) where T : class => Steps.Intercept(service, (_, call) =>
    {
        lock (_seen)
        {
            Look();
            var answer = call();
            if (answer is not Task done) return answer;
            done.ContinueWith(_ => { }, TaskScheduler.Default).GetAwaiter().GetResult();
            Look();
            return answer;
        }
    });

    private void Look()
    {
        if (_isReading) return;
        _isReading = true;
        _seen.Add("iceberg " + IcebergAsync().GetAwaiter().GetResult());
        _seen.Add("external " + ExternalAsync().GetAwaiter().GetResult());
        _isReading = false;
    }

    private async Task<string> IcebergAsync()
    {
        var catalog = new GlueCatalog(Account.Glue, Account.Objects) { DataFileReader = new ParquetDataFileReader() };
        var table = await catalog.LoadTableAsync(new("ds", "iceberg"), Cancellation);
        var rows = await TableScanRows.ReadAsync(table.Scan().Select(["id"]));
        return string.Concat(rows.Select(r => r[0]).Order());
    }

    private async Task<string> ExternalAsync()
    {
        var folder = ObjectLocation.Parse((await Account.Glue.GetTableAsync("ds", "external", Cancellation))!.Location);
        var rows = "";
        await foreach (var file in Account.Objects.ListAsync(folder.Bucket, folder.Key, Cancellation))
        {
            var content = await Account.Objects.TryReadAsync(file.Location, Cancellation);
            if (content is null) continue;
            var read = Destinations.Bookkeeping.SmallTableReader.Read(content.Content.ToArray(), "file");
            rows += string.Concat(read.Select(r => r["id"]));
        }

        return string.Concat(rows.Order());
    }

    private static Resource[] Tables(int load)
    {
        var replace = new ResourceHints { WriteDisposition = WriteDisposition.Replace };
        var rows = Enumerable.Repeat($$"""{"id":{{load}}}""", Rows).ToArray();
        var iceberg = replace with { TableFormat = TableFormat.Iceberg };
        return [Some.Resource("iceberg", iceberg, rows), Some.Resource("external", replace, rows)];
    }
}
