using Dlt.Packages;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines;

public sealed class OddNameTests : IDisposable
{
    private const string Evil = "/../../../../../../../../home/evil";

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory, InlineData("direct"), InlineData("duck_case"), InlineData("snake_case"), InlineData("sql_cs_v1"), InlineData("sql_ci_v1")]
    public async Task A_list_under_any_key_loads_into_a_table_within_the_account(string naming)
    {
        var account = Some.Account(_folder);
        Directory.CreateDirectory(_folder.File("home"));
        foreach (var key in new[]
        { Evil, "a/b", "../x", "a.b", "a//b", "/", "..", "a\\\\..\\\\b", "C:x", "con", "x. ", "[a]*?", "50%", "日本🙂", new string('n', 230),
        new string('日', 120) })
        {
            var pipeline = Pipeline(account, naming);
            var info = await pipeline.RunAsync(Some.Resource("items", $$"""{"id":1,"{{key}}":[{"v":"a"},{"v":"b"}]}"""), Cancellation);
            var nested = Assert.Single(info.RowCounts.Keys, t => t != "items" && !t.StartsWith("_dlt", StringComparison.Ordinal));
            Assert.Equal(2, info.RowCounts[nested]);
            Assert.Equal("a,b", await Some.ValueAsync(account, "SELECT string_agg(DISTINCT v, ',' ORDER BY v) FROM "
                + $"\"{nested.ToLowerInvariant()}\""));
        }

        Assert.Equal("16", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
        Assert.All(Directory.GetFileSystemEntries(_folder.Path),
            entry => Assert.Contains(Path.GetFileName(entry), new[] { "account", "home" }));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.File("home")));
    }

    [Theory, InlineData("direct"), InlineData("duck_case")]
    public async Task An_iceberg_table_with_an_odd_name_loads_too(string naming)
    {
        var account = Some.Account(_folder);
        for (var run = 0; run < 2; run++)
        {
            var hints = new ResourceHints { TableFormat = TableFormat.Iceberg };
            var items = Some.Resource("items", hints, $$"""{"id":1,"{{Evil}}":[1,2],"a/b":[3]}""");
            var info = await Pipeline(account, naming).RunAsync(items, Cancellation);
            Assert.Equal(3, info.RowCounts.Where(r => r.Key != "items" && !r.Key.StartsWith("_dlt", StringComparison.Ordinal))
                .Sum(r => r.Value));
        }

        Assert.All(Directory.GetFileSystemEntries(_folder.Path), entry => Assert.Equal("account", Path.GetFileName(entry)));
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
    }

    [Theory, InlineData("日", 120), InlineData("n", 230), InlineData("n", 255)]
    public async Task A_table_may_have_a_name_as_long_as_the_destination_allows(string letter, int count)
    {
        var account = Some.Account(_folder);
        var name = string.Concat(Enumerable.Repeat(letter, count));
        var file = _folder.Write("items.jsonl", "{\"id\":2}\n");
        Resource[] resources = [Some.Resource(name, """{"id":1}"""), Resource.FromFile(name[..^1], file)];
        await Pipeline(account, "direct").RunAsync(resources, Cancellation);
        Assert.Equal("1", await Some.ValueAsync(account, $"SELECT id FROM \"{name}\""));
        Assert.Equal("2", await Some.ValueAsync(account, $"SELECT id FROM \"{name[..^1]}\""));
    }

    [Fact]
    public async Task A_name_with_a_control_character_is_refused_with_the_way_on()
    {
        var account = Some.Account(_folder);
        var items = Some.Resource("items", """{"id":1,"a\tb":[1]}""");
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Pipeline(account, "direct").RunAsync(items, Cancellation));
        Assert.Contains("U+0009", error.Message, StringComparison.Ordinal);
        Assert.Contains("dlt pipeline pipe abort-packages --local", error.Message, StringComparison.Ordinal);
        Assert.Null(await account.Glue.GetTableAsync("ds", "items", Cancellation));
    }

    [Theory, InlineData("../other"), InlineData(".."), InlineData("a/b"), InlineData("a\\b")]
    public async Task A_dataset_that_is_not_normalised_is_one_folder(string dataset)
    {
        var account = Some.Account(_folder);
        var pipeline = Dlt.Pipeline.Create("pipe", Athena.Destination(account), dataset,
            new()
            {
                Configuration = Some.Configuration(
            account.Folder, ("DESTINATION__ATHENA__ENABLE_DATASET_NAME_NORMALIZATION", "false")),
                Warn = _ => { }
            });
        var items = Some.Resource("items", """{"id":1}""");
        var error = await Assert.ThrowsAsync<ArgumentException>(() => pipeline.RunAsync(items, Cancellation));
        Assert.Contains("dataset name", error.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_folder.File("account", "s3")));
    }

    [Fact]
    public void The_schema_name_of_a_foreign_state_is_never_used_as_a_path()
    {
        var folder = new WorkingFolder(_folder.File("work"));
        Assert.Throws<ArgumentException>(() => folder.LoadSchema("../../schemas/x", null));
    }

    private static Pipeline Pipeline(LocalAthena account, string naming) =>
        Dlt.Pipeline.Create("pipe", Athena.Destination(account), "ds",
            new() { Configuration = Some.Configuration(account.Folder, ("SCHEMA__NAMING", naming)), Warn = _ => { } });
}
