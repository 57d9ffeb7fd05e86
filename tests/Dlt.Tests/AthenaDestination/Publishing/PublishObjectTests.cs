using System.Text;
using Dlt.Configuration;
using Dlt.Destinations.Publishing;
using Dlt.Destinations.Settings;
using Dlt.Destinations;
using Dlt.Packages;

namespace Dlt.Tests.AthenaDestination.Publishing;

public class PublishObjectTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    public void Written_values_are_read_back()
    {
        var content = new PublishObject
        {
            LoadId = "1.5",
            SchemaName = "shop",
            Began = Now.AddMicroseconds(123),
            UnderWay = ["1.4"],
            CompleteBefore = ["1.2", "1.3"],
            Tables = [new("items", "replace", ["ds/items/1.5.a.parquet", "ds/items/1.5.b.parquet"]),
                new("tags", "truncate", []), new("logs", "append", ["k"])],
        };
        var read = PublishObject.Read(content.Write(), "s3://lake/x");
        Assert.Equal((content.LoadId, content.SchemaName, content.Began), (read.LoadId, read.SchemaName, read.Began));
        Assert.Equal(content.UnderWay, read.UnderWay);
        Assert.Equal(content.CompleteBefore, read.CompleteBefore);
        Assert.Equal(
            content.Tables.Select(t => (t.Name, t.Mode, string.Join(' ', t.Keys.Order()))),
                read.Tables.Select(t => (t.Name, t.Mode, string.Join(' ', t.Keys.Order()))));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"format-version":1,"load-id":"1.0","schema":"s","tables":[{"name":"t","disposition":7,"keys":[]}]}""")]
    [InlineData("""{"format-version":1,"load-id":7,"schema":"s","tables":[]}""")]
    public void A_damaged_object_is_an_error_that_names_it(string text)
    {
        var error =
            Assert.ThrowsAny<DltException>(() => PublishObject.Read(Encoding.UTF8.GetBytes(text), "s3://lake/ds/_dlt_publish/1.0.json"));
        Assert.Contains("s3://lake/ds/_dlt_publish/1.0.json", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"t","disposition":"replace","keys":["ds/t/1.0.a.parquet"]}""", true, true)]
    [InlineData("""{"name":"t","disposition":"append","keys":["ds/t/1.0.a.parquet"]}""", true, false)]
    [InlineData("""{"name":"t","disposition":"replace","keys":[],"files":["1.0.a"]}""", false, true)]
    [InlineData("""{"name":"t","disposition":"truncate","keys":[]}""", false, false)]
    [InlineData("""{"name":"t","disposition":"replace","keys":[],"format":"hive"}""", true, true)]
    [InlineData("""{"name":"t","disposition":"replace","keys":[],"format":"delta"}""", false, true)]
    public void The_format_of_a_table_comes_from_the_object_and_from_keys_in_objects_of_earlier_versions(
        string table, bool isExternal, bool replaces)
    {
        var text = $$"""{"format-version":1,"load-id":"1.0","schema":"s","under-way":[],"complete-before":[],"tables":[{{table}}]}""";
        var read = Assert.Single(PublishObject.Read(Encoding.UTF8.GetBytes(text), "s3://lake/x").Tables);
        Assert.Equal((isExternal, replaces), (read.IsExternal, read.ReplacesAllRows));
        Assert.Equal(text, Encoding.UTF8.GetString(PublishObject.Read(Encoding.UTF8.GetBytes(text), "s3://lake/x").Write()));
    }

    [Fact]
    public void A_mode_of_another_version_is_kept_and_may_remove_rows_but_does_not_replace_all()
    {
        const string Text = """
            {"format-version":1,"load-id":"1.0","schema":"s","tables":[{"name":"t","disposition":"merge-upsert","keys":["k"]}]}
            """;
        var read = PublishObject.Read(Encoding.UTF8.GetBytes(Text), "s3://lake/x");
        Assert.Equal(Text, Encoding.UTF8.GetString(read.Write()));
        Assert.Equal((true, false), (read.Of("t")!.MayRemoveRows, read.Of("t")!.ReplacesAllRows));
    }

    [Fact]
    public void A_new_object_has_the_members_that_earlier_versions_read()
    {
        var content = new PublishObject
        {
            LoadId = "1.5",
            SchemaName = "s",
            Tables =
            [
                new PublishedTable("a", "append", ["k"]).WithFormat(isExternal: true),
                new PublishedTable("b", "replace", []) { Files = ["1.5.x"] }.WithFormat(isExternal: false),
            ],
        };
        Assert.Equal(
            """{"format-version":1,"load-id":"1.5","schema":"s","tables":["""
            + """{"name":"a","disposition":"append","keys":["k"],"format":"hive"},"""
            + """{"name":"b","disposition":"replace","keys":[],"files":["1.5.x"],"format":"iceberg"}]}""",
            Encoding.UTF8.GetString(content.Write()));
    }

    [Fact]
    public void An_object_of_a_later_version_stops_the_load()
    {
        var error = Assert.Throws<DltException>(() => PublishObject.Read("""{"format-version":2}"""u8.ToArray(), "s3://lake/x"));
        Assert.Contains("later version", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{table_name}/{load_id}.{file_id}.{ext}", "items/1700000000.5.abc.parquet", "1700000000.5")]
    [InlineData("x/{table_name}/{YYYY}/{load_id}.{file_id}.{ext}", "x/items/2024/1700000000.5.abc.parquet", "1700000000.5")]
    [InlineData("{table_name}/{load_id}/{load_id}.{file_id}.{ext}", "items/1.5/1.5.abc.parquet", "1.5")]
    [InlineData("{table_name}/{load_id}/{load_id}.{file_id}.{ext}", "items/1.5/1.6.abc.parquet", null)]
    [InlineData("{table_name}/{load_id}.{file_id}.{ext}", "items/part-00001.snappy.parquet", null)]
    [InlineData("{table_name}/{load_id}.{file_id}.{ext}", "items_old/1700000000.5.abc.parquet", null)]
    [InlineData("{table_name}/{file_id}.{ext}", "items/abc.parquet", null)]
    public void The_load_of_a_file_is_read_from_its_key(string layout, string key, string? loadId) =>
        Assert.Equal(loadId, new KeyReader(new FileLayout(layout)).Of("items")(key));

    [Theory, InlineData(".."), InlineData("a/../b"), InlineData("a//b"), InlineData("%2E")]
    public void The_load_of_a_file_is_read_from_its_key_for_every_table_name(string table)
    {
        var layout = new FileLayout(FileLayout.Default);
        var key = layout.PathOf(new(table, "abc", 0, "parquet"), "s", "1700000000.5", Now);
        Assert.Equal("1700000000.5", new KeyReader(layout).Of(table)(key));
    }

    [Fact]
    public void Objects_of_complete_loads_go_after_a_day_unless_an_earlier_load_is_pending()
    {
        var objects = new Dictionary<string,
            DateTimeOffset>
        {
            ["10.0"] = Now.AddDays(-3),
            ["20.0"] = Now.AddDays(-2),
            ["30.0"] = Now.AddDays(-2),
            ["40.0"] = Now.AddHours(-1),
            ["5.0"] = Now.AddDays(-31)
        };
        Assert.Equal(
            ["10.0", "20.0", "30.0", "5.0"], PublishUpkeep.Unneeded(objects, new HashSet<string> { "10.0", "20.0", "30.0", "40.0" }, Now)
                .Order());
        Assert.Equal(["10.0", "5.0"], PublishUpkeep.Unneeded(objects, new HashSet<string> { "10.0", "30.0", "40.0" }, Now).Order());
    }
}
