using Dlt.Configuration;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines;

public sealed class SettingsTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("NORMALIZE__DATA_WRITER__FILE_MAX_ITEMS")]
    [InlineData("DATA_WRITER__FILE_MAX_ITEMS")]
    public async Task Files_end_at_the_rows_that_the_settings_say(string variable)
    {
        var account = await LoadAsync((variable, "10000"), ("DATA_WRITER__ROW_GROUP_SIZE", "5000"));
        Assert.InRange(Directory.GetFiles(Path.Combine(account.Folder, "s3", "lake", "ds", "items")).Length, 2, 10);
        Assert.Equal("100000", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Theory]
    [InlineData("sequential")]
    [InlineData("table-sequential")]
    [InlineData("parallel")]
    public async Task Every_strategy_loads_everything(string strategy)
    {
        var account = await LoadAsync(("LOAD__PARALLELISM_STRATEGY", strategy), ("DATA_WRITER__FILE_MAX_ITEMS", "10000"), ("DATA_WRITER__ROW_GROUP_SIZE", "5000"));
        Assert.Equal("100000", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Theory]
    [InlineData("LOAD__PARALLELISM_STRATEGY", "nope", "parallel, table-sequential, sequential")]
    [InlineData("LOAD__WORKERS", "many", "workers")]
    [InlineData("DATA_WRITER__COMPRESSION", "lzma", "zstd")]
    [InlineData("DATA_WRITER__COMPRESSION", "brotli", "zstd")]
    [InlineData("NORMALIZE__PARQUET_NORMALIZER__ADD_DLT_ID", "perhaps", "add_dlt_id")]
    public async Task A_value_that_is_not_possible_names_the_setting(string variable, string value, string what)
    {
        var account = Some.Account(_folder);
        Directory.CreateDirectory(account.Folder);
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => LoadAsync((variable, value)));
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(account.Folder, "*.items", SearchOption.AllDirectories));   // as it says, nothing was run
    }

    private async Task<LocalAthena> LoadAsync(params (string Name, string Value)[] settings)
    {
        var account = Some.Account(_folder);
        await Pipeline.Create("pipe", Athena.Destination(account), "ds", new() { Configuration = Some.Configuration(account.Folder, settings), Warn = _ => { } })
            .RunAsync(Resource.Create("items", Enumerable.Range(0, 100_000).Select(i => new { i })), Cancellation);
        return account;
    }
}
