using Dlt.Tests.AthenaDestination.Publishing;
using Dlt.Tests.Support;

namespace Dlt.Tests.AthenaDestination.Scenarios;

/// <summary>Where files are, under each layout and bucket URL (docs/spec/athena-destination.md 9.2, 9.9).</summary>
public sealed class LayoutScenarioTests : AccountTests
{
    private const string Layout = "DESTINATION__FILESYSTEM__LAYOUT";

    [Theory, Scenario("T-15"), Scenario("T-20")]
    [InlineData("{table_name}/{load_id}.{file_id}.{ext}", false, "ds/sevens/")]
    [InlineData("{table_name}/{load_id}.{file_id}.{ext}", true, "ds/sevens/")]
    [InlineData("{table_name}/{load_id}/{file_id}.{ext}", false, "ds/sevens/")]
    [InlineData("{table_name}/{load_id}/{file_id}.{ext}", true, "ds/sevens/")]
    [InlineData("lake/{table_name}/{file_id}.{ext}", false, "ds/lake/sevens/")]
    public async Task Two_tables_have_their_own_rows_under_a_layout(string layout, bool isIceberg, string folder)
    {
        var hints = isIceberg ? Iceberg : null;
        await new Machine(Account).Pipeline(settings: (Layout, layout))
            .RunAsync([Rows("threes", hints, 3), Rows("sevens", hints, 7)], Cancellation);
        Assert.Equal("3 7", await Some.ValueAsync(
            Account, "SELECT (SELECT count(*) FROM threes) || ' ' || (SELECT count(*) FROM sevens)"));
        var table = await Account.Glue.GetTableAsync("ds", "sevens", Cancellation);
        Assert.Equal("s3://lake/" + (isIceberg ? folder.TrimEnd('/') : folder), table!.Location);
        Assert.NotEmpty(await Machine.KeysAsync(Account, folder));
    }

    [Theory, Scenario("T-16")]
    [InlineData("{schema_name}.{table_name}.{load_id}.{file_id}.{ext}")]
    [InlineData("{table_name}88{load_id}-u-{file_id}.{ext}")]
    [InlineData("{schema_name}/{table_name}/{load_id}.{file_id}.{ext}")]
    public async Task A_layout_that_gives_a_table_no_folder_of_its_own_is_refused_before_anything_is_run(string layout)
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() =>
            new Machine(Account).RunAsync(Rows("items", null, 1), settings: (Layout, layout)));
        Assert.Contains(layout, error.Message, StringComparison.Ordinal);
        Assert.Contains("{table_name}", error.Message.Replace(layout, "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(await Machine.KeysAsync(Account, ""));
        Assert.Equal(0, Machine.Pending(Account));
    }

    [Theory, Scenario("T-19"), InlineData("soon"), InlineData("[1]")]
    public async Task A_current_datetime_that_is_not_a_time_is_refused_by_name(string value)
    {
        var error = await Assert.ThrowsAsync<ConfigurationException>(() => new Machine(Account).RunAsync(
            Rows("items", null, 1),
            settings: [(Layout, "{table_name}/{YYYY}/{file_id}.{ext}"), ("DESTINATION__FILESYSTEM__CURRENT_DATETIME", value)]));
        Assert.Contains("current_datetime", error.Message, StringComparison.Ordinal);
        Assert.Empty(await Machine.KeysAsync(Account, ""));
    }

    [Theory, Scenario("X-01")]
    [InlineData("s3://lake/")]
    [InlineData("s3://lake/raw")]
    [InlineData("s3://lake/raw/deep/")]
    [InlineData("s3://lake/Raw/EU")]
    public async Task A_bucket_url_with_a_slash_a_prefix_or_capitals_shows_all_rows(string bucketUrl)
    {
        var account = new AccountAt(Account, bucketUrl);
        for (var run = 0; run < 2; run++)
        {
            await Pipeline.Create("pipe", Athena.Destination(account), "ds", new()
            {
                Configuration = Some.Configuration(Account.Folder),
                Warn = _ => { },
            }).RunAsync([Rows("files", null, 2), Rows("commits", Iceberg, 3)], Cancellation);
        }

        Assert.Equal("4 6 2", await Some.ValueAsync(Account, """
            SELECT (SELECT count(*) FROM files) || ' ' || (SELECT count(*) FROM commits) || ' ' || (SELECT count(*) FROM _dlt_loads)
            """));
        var root = bucketUrl.TrimEnd('/');
        var tables = await Account.Glue.GetTablesAsync("ds", Cancellation).ToListAsync(Cancellation);
        Assert.All(tables, t => Assert.StartsWith($"{root}/ds/", t.Location, StringComparison.Ordinal));
        Assert.DoesNotContain(await Machine.KeysAsync(Account, ""), k => k.Contains("//", StringComparison.Ordinal));
    }

    private static Resource Rows(string name, ResourceHints? hints, int count) =>
        Some.Resource(name, hints, [.. Enumerable.Range(0, count).Select(i => $$"""{"id":{{i}}}""")]);
}
