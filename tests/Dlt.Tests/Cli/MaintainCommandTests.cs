using Dlt.Json;
using Dlt.Lake;
using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

/// <summary>The commands of <c>dlt maintain</c> print a plan, and do it with <c>--apply</c>.</summary>
public sealed class MaintainCommandTests : IDisposable
{
    private static readonly ResourceHints Iceberg = new() { TableFormat = TableFormat.Iceberg };

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private LocalAthena Account => new(_folder.File(".dlt-local"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Compact_prints_its_plan_and_does_it_when_applied()
    {
        for (var id = 0; id < 5; id++) await LoadAsync(id);
        var plan = await DltCommand.RunAsync(_folder.Path, "maintain", "compact", "ds", "--local");
        Assert.StartsWith("items: would rewrite 5 data file(s), ", plan.Succeeded(), StringComparison.Ordinal);
        Assert.Contains("Nothing was changed: no terminal can be asked. Repeat with --apply.", plan.Error, StringComparison.Ordinal);
        Assert.Equal(5, await FilesAsync());
        var done = await RunAsync("compact", "ds", "items", "--apply");
        Assert.Matches(@"\nitems: rewrote 5 data file\(s\), [0-9.]+K, as 1", done);
        Assert.Equal("5", await Some.ValueAsync(Account, "SELECT count(*) FROM items"));
        Assert.Equal("items: nothing to do\nThere is nothing to do.\n", await RunAsync("compact", "ds"));
    }

    [Fact]
    public async Task Compact_names_a_table_that_fails_and_exits_with_1()
    {
        for (var id = 0; id < 5; id++) await LoadAsync(id);
        foreach (var key in await Machine.KeysAsync(Account, "ds/items/metadata/snap-"))
            await Account.Objects.DeleteAsync("lake", [key], Cancellation);
        var result = await DltCommand.RunAsync(_folder.Path, "maintain", "compact", "ds", "--local", "--apply", "-o", "json");
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("items: not compacted", result.Error, StringComparison.Ordinal);
        var printed = JsonParser.Parse(result.Output);
        Assert.False(printed["compacted"]!.AsBool());
        Assert.True(printed["tables"]!.Items.Single()["failed"]!.AsBool());
    }

    [Fact]
    public async Task Expire_takes_ages_and_numbers()
    {
        for (var id = 0; id < 3; id++) await LoadAsync(id);
        Assert.Equal("items: 0 snapshot(s) would expire, 3 would stay\nThere is nothing to do.\n", await RunAsync("expire", "ds"));
        Assert.Equal(
            "items: 0 snapshot(s) would expire, 3 would stay, 2 of them for loads that are not complete or began in the last hour\n"
                + "There is nothing to do.\n",
            await RunAsync("expire", "ds", "--older-than", "0d"));
        var json = JsonParser.Parse(await RunAsync("expire", "ds", "--older-than", "0", "--keep", "3", "-o", "json"));
        Assert.Equal("0", json["tables"]!.Items.Single()["needed"]!.ToString());
        foreach (var (option, value) in new[] { ("--older-than", "5w"), ("--older-than", "d"), ("--keep", "0"), ("--keep", "x") })
        {
            var refused = await DltCommand.RunAsync(_folder.Path, "maintain", "expire", "ds", option, value, "--local");
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains(option, refused.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Glue_versions_are_counted_and_deleted()
    {
        await LoadAsync(0);
        var table = (await Account.Glue.GetTableAsync("ds", "items", Cancellation))!.Definition;
        for (var i = 0; i < 4; i++) await Account.Glue.UpdateTableAsync("ds", table, cancellationToken: Cancellation);
        var plan = await RunAsync("glue-versions", "ds", "items");
        Assert.Equal("items: 4 old version(s), of which 0 would be deleted\nThere is nothing to do.\n", plan);
        var done = await RunAsync("glue-versions", "ds", "items", "--keep", "1", "-y");
        Assert.EndsWith("items: 4 old version(s), of which 3 were deleted\n", done, StringComparison.Ordinal);
        Assert.Equal(2, await Account.Glue.GetTableVersionIdsAsync("ds", "items", Cancellation).CountAsync(Cancellation));
    }

    private async Task<int> FilesAsync() => (await Machine.KeysAsync(Account, "ds/items/data/")).Count;

    private Task<LoadInfo> LoadAsync(int id) =>
        Some.Pipeline(Account).RunAsync(Some.Resource("items", Iceberg, $$"""{"id":{{id}}}"""), Cancellation);

    private async Task<string> RunAsync(params string[] arguments) =>
        (await DltCommand.RunAsync(_folder.Path, ["maintain", .. arguments, "--local"])).Succeeded().ReplaceLineEndings("\n");
}
