using System.IO.Compression;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Packages;

/// <summary>Accounts, working folders and pending packages of an earlier version (Fixtures/README.md).</summary>
public sealed class EarlierVersionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("hive-none", 5), InlineData("hive-extracted", 7), InlineData("hive-normalized", 7)]
    [InlineData("iceberg-none", 5), InlineData("iceberg-extracted", 7), InlineData("iceberg-normalized", 7)]
    public async Task Pending_packages_are_loaded_and_the_next_increment_follows(string name, int before)
    {
        var account = Unpack(name);
        var warnings = new List<string>();
        await RunAsync(account, name, 9, warnings);
        if (name.StartsWith("iceberg", StringComparison.Ordinal))
            Assert.Contains(warnings, w => w.Contains("'shop._dlt_pipeline_state'", StringComparison.Ordinal)
                && w.Contains("CompactAsync", StringComparison.Ordinal));
        else Assert.DoesNotContain(warnings, w => w.Contains("CompactAsync", StringComparison.Ordinal));
        Assert.Equal("9 9 18", await Some.ValueAsync(account, "SELECT count(*) || ' ' || count(DISTINCT id) || ' ' || (SELECT "
            + "count(*) FROM orders__lines) FROM orders", "shop"));
        Assert.Equal("9 9", await Some.ValueAsync(account, "SELECT count(*) || ' ' || min(\"left\") FROM stock", "shop"));
        Assert.Equal(before == 5 ? "3" : "4", await Some.ValueAsync(account, "SELECT count(*) FROM _dlt_loads", "shop"));
        Assert.Equal("0", await Some.ValueAsync(account, "SELECT count(*) FROM orders__lines l LEFT JOIN orders o ON l._dlt_parent_id "
            + "= o._dlt_id WHERE o._dlt_id IS NULL", "shop"));
    }

    [Theory, InlineData("hive-none"), InlineData("iceberg-none")]
    public async Task State_is_restored_on_a_fresh_machine(string name)
    {
        var account = Unpack(name);
        Directory.Delete(account.PipelinesFolder, recursive: true);
        await RunAsync(account, name, 6);
        Assert.Equal("6 6", await Some.ValueAsync(account, "SELECT count(*) || ' ' || count(DISTINCT id) FROM orders", "shop"));
    }

    private static Task RunAsync(LocalAthena account, string name, int orders, List<string>? warnings = null)
    {
        (string, string)[] environment = name.StartsWith("iceberg", StringComparison.Ordinal)
            ? [("DESTINATION__ATHENA__FORCE_ICEBERG", "true")]
            : [];
        var options = new PipelineOptions
        { Configuration = Some.Configuration(account.Folder, environment), Warn = text => warnings?.Add(text) };
        return Pipeline.Create("shop", Athena.Destination(account), "shop", options).RunAsync(Shop(orders), Cancellation);
    }

    private static Source Shop(int orders) => new(
        "shop",
        Some.Resource(
            "orders", new ResourceHints { PrimaryKey = ["id"], Incremental = new("id") }, [.. Enumerable.Range(1, orders).Select(Order)]),
        Some.Resource(
            "stock", new ResourceHints { WriteDisposition = WriteDisposition.Replace },
            [.. Enumerable.Range(1, orders).Select(i => $$"""{"sku":"s{{i}}","left":{{orders}}}""")]));

    private static string Order(int i) =>
        $$"""{"id":{{i}},"price":{{i}}.5,"at":"2026-01-0{{i}}T10:00:00Z","lines":[{"sku":"s{{i}}"},{"sku":"t{{i}}"}]}""";

    private LocalAthena Unpack(string name)
    {
        ZipFile.ExtractToDirectory(Path.Combine(AppContext.BaseDirectory, "Fixtures", "accounts-of-92d610e.zip"), _folder.Path);
        return new LocalAthena(_folder.File(name));
    }
}
