using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

/// <summary><c>dlt load --merge</c>: files are merged by a key, without code.</summary>
public sealed class MergeOptionTests : IDisposable
{
    private const string Twice = "{\"id\":1,\"v\":\"x\"}\n{\"id\":1,\"v\":\"y\"}\n";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "1 a,2 B,3 c", "- t: 2 row(s): 2 inserted, 0 updated, 1 deleted, 0 unchanged")]
    [InlineData("upsert", "1 a,2 B,3 c", "- t: 2 row(s): 1 inserted, 1 updated, 0 deleted, 0 unchanged")]
    [InlineData("insert-only", "1 a,2 b,3 c", "- t: 2 row(s): 1 inserted, 0 updated, 0 deleted, 0 unchanged")]
    public async Task Rows_of_files_are_merged_by_their_key(string? strategy, string rows, string info)
    {
        _folder.Write("a.jsonl", "{\"id\":1,\"v\":\"a\"}\n{\"id\":2,\"v\":\"b\"}\n");
        _folder.Write("b.jsonl", "{\"id\":2,\"v\":\"B\"}\n{\"id\":3,\"v\":\"c\"}\n");
        (await LoadAsync("a.jsonl", "t", strategy)).Succeeded();
        Assert.Contains(info, (await LoadAsync("b.jsonl", "t", strategy)).Succeeded(), StringComparison.Ordinal);
        Assert.Equal(rows, await Some.ValueAsync(Account, "SELECT string_agg(id || ' ' || v, ',' ORDER BY id) FROM t"));
    }

    [Fact]
    public async Task A_key_that_comes_twice_gives_the_package_up_and_blocks_no_later_load()
    {
        _folder.Write("a.jsonl", "{\"id\":1,\"v\":\"a\",\"l\":[1]}\n");
        _folder.Write("twice.jsonl", Twice);
        (await LoadAsync("a.jsonl", "t", "upsert")).Succeeded();
        var refused = await LoadAsync("twice.jsonl", "t", "upsert");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("1 row(s) repeat a key, such as id = 1", refused.Error, StringComparison.Ordinal);
        Assert.Contains("Its package was given up and what it had written was removed", refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("NAME", refused.Error, StringComparison.Ordinal);
        (await LoadAsync("a.jsonl", "other", strategy: null)).Succeeded();
        Assert.Equal("a", await Some.ValueAsync(Account, "SELECT string_agg(v, ',') FROM t"));
        await using var maintenance = AthenaMaintenance.Open(Account, Some.Configuration(_folder.Path));
        Assert.Empty(await maintenance.FindOrphansAsync("ds", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("drop_data"), InlineData("drop_sources")]
    public async Task A_refresh_whose_package_is_given_up_names_the_table_that_it_emptied(string refresh)
    {
        _folder.Write("a.jsonl", "{\"id\":1,\"v\":\"a\",\"l\":[1]}\n");
        _folder.Write("twice.jsonl", "{\"id\":1,\"l\":[1]}\n{\"id\":1,\"l\":[2]}\n");
        (await LoadAsync("a.jsonl", "t", "upsert")).Succeeded();
        _folder.Write(".dlt/config.toml", $"[pipelines]\nrefresh = \"{refresh}\"\n");
        var refused = await LoadAsync("twice.jsonl", "t", "upsert");
        Assert.Equal(1, refused.ExitCode);
        const string Emptied = "It had emptied t__l, t first: no rows are there until they are loaded again.";
        Assert.Contains(Emptied, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("The table and its nested tables are as they were", refused.Error, StringComparison.Ordinal);
        Assert.Equal("0", await Some.ValueAsync(Account, "SELECT count(*) FROM t"));
    }

    [Theory]
    [InlineData("--replace replaces all rows", "--merge", "id", "--replace")]
    [InlineData("there is no --merge", "--strategy", "upsert")]
    [InlineData("needs the columns of the key", "--merge", " , ")]
    public async Task Options_that_contradict_each_other_are_refused(string message, params string[] options)
    {
        _folder.Write("a.jsonl", "{\"id\":1}\n");
        var refused = await DltCommand.RunAsync(
            _folder.Path, ["load", "a.jsonl", "--dataset", "ds", "--table", "t", "--local", "--quiet", .. options]);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(message, refused.Error, StringComparison.Ordinal);
    }

    private LocalAthena Account => new(_folder.File(".dlt-local"));

    private Task<ToolResult> LoadAsync(string file, string table, string? strategy) => DltCommand.RunAsync(
        _folder.Path,
        [
            "load", file, "--dataset", "ds", "--table", table, "--local", "--quiet", "--merge", "id",
            .. strategy is null ? Array.Empty<string>() : ["--strategy", strategy],
        ]);
}
