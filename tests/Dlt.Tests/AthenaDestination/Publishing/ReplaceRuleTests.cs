using System.Collections.Immutable;
using Dlt.Destinations.Publishing;
using Dlt.Iceberg;
using Dlt.Json;

namespace Dlt.Tests.AthenaDestination.Publishing;

/// <summary>Each rule separately: load 1700000050.0 replaces the table and began in the second of its id.</summary>
public class ReplaceRuleTests
{
    private static readonly DateTimeOffset Start = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    [Fact]
    public void A_replace_removes_files_from_before_its_start()
    {
        var loads = Loads(complete: ["1700000010.0"]);
        Assert.True(Removes(loads, "1700000010.0", at: 10));
        Assert.True(Removes(loads, null, at: 49));
        Assert.False(Removes(loads, null, at: 51));
    }

    [Fact]
    public void An_append_under_way_stays_whether_it_is_complete_by_now_or_not()
    {
        var loads = Loads(others: [("1700000040.0", 40, "append")]);
        Assert.False(Removes(loads, "1700000040.0", at: 45));
        Assert.False(Removes(loads with { Complete = Set("1700000040.0") }, "1700000040.0", at: 45));
        Assert.True(Removes(loads with { Complete = Set("1700000040.0"), CompleteBefore = Set("1700000040.0") }, "1700000040.0", at: 45));
    }

    [Fact]
    public void A_load_under_way_with_a_mode_of_another_version_stays_and_does_not_win_over_this_one()
    {
        var loads = Loads(others: [("1700000040.0", 40, "merge-upsert"), ("1700000060.0", 60, "merge-upsert")]);
        Assert.False(Removes(loads, "1700000040.0", at: 45));
        loads = loads with { Complete = Set("1700000040.0", "1700000060.0", "1700000050.0") };
        Assert.False(Removes(loads, "1700000040.0", at: 45));
        Assert.False(Removes(loads, "1700000050.0", at: 51));
    }

    [Theory]
    [InlineData("append", true)]
    [InlineData("merge-upsert", true)]   // a mode of another version
    [InlineData("replace", false)]
    public void Rows_that_an_iceberg_table_got_at_the_same_time_stay_unless_a_replace_added_them(string mode, bool isKept)
    {
        var snapshot = new Snapshot(JsonValue.Parse($$$"""
            {"snapshot-id":1,"sequence-number":1,"timestamp-ms":1700000045000,"manifest-list":"m",
            "summary":{"operation":"append","dlt.load-id":"1700000040.0","dlt.load-step":"data","dlt.write-disposition":"{{{mode}}}"}}
            """));
        Assert.Equal(isKept, StepRecord.IsConcurrent(snapshot, "1700000050.0", Set(), Start));
    }

    [Fact]
    public void A_load_that_began_later_stays()
    {
        var loads =
            Loads(complete: ["1700000060.0"],
                others: [("1700000060.0", 60, "append"), ("1700000070.0", 70, "replace")]);
        Assert.False(Removes(loads, "1700000060.0", at: 61));
        Assert.False(Removes(loads, "1700000070.0", at: 71));
        Assert.False(Removes(Loads(), "1700000060.0", at: 61));   // its publish object is deleted
        Assert.True(Removes(Loads(), "1800000000.0", at: 49));    // not a load id: its time is in the future
    }

    [Fact]
    public void A_load_that_was_not_complete_after_a_day_is_dead()
    {
        var day = (int)ReplaceRule.MaxSilence.TotalSeconds;
        Assert.True(Removes(Loads(others: [("1700000040.0", 50 - day, "append")]), "1700000040.0", at: 45 - day));
        Assert.False(Removes(Loads(others: [("1700000040.0", 51 - day, "append")]), "1700000040.0", at: 45 - day));
    }

    [Fact]
    public void A_load_without_an_object_such_as_one_of_Python_dlt_is_under_way_for_a_day_after_its_id()
    {
        Assert.False(Removes(Loads(), "1699999990.5", at: 45));
        Assert.True(Removes(Loads(), "1699900000.5", at: 45));   // the id is older than a day
        Assert.True(Removes(Loads(), "12.5", at: 45));           // not a load id: the number of a foreign file
        Assert.True(Removes(Loads(complete: ["1699999990.5"]), "1699999990.5", at: 45));
    }

    [Fact]
    public void An_earlier_replace_goes_once_one_of_the_two_is_complete()
    {
        var loads = Loads(others: [("1700000040.0", 40, "replace")]);
        Assert.False(Removes(loads, "1700000040.0", at: 60));
        Assert.True(Removes(loads with { Complete = Set("1700000040.0") }, "1700000040.0", at: 60));
        Assert.True(Removes(loads with { Complete = Set("1700000050.0") }, "1700000040.0", at: 60));
    }

    [Fact]
    public void Own_files_go_when_a_later_replace_of_the_table_is_complete()
    {
        var loads = Loads(others: [("1700000060.0", 60, "replace")]);
        Assert.False(Removes(loads, "1700000050.0", at: 51));
        Assert.True(Removes(loads with { Complete = Set("1700000060.0") }, "1700000050.0", at: 51));
        Assert.False(
            Removes(Loads(complete: ["1700000060.0"], others: [("1700000060.0", 60, "append")]), "1700000050.0", at: 51));
        // not among the recorded keys
        Assert.True(ReplaceRule.Removes(loads, "items", "ds/items/1700000050.0.old.parquet", "1700000050.0", Start.AddSeconds(51)));
    }

    [Fact]
    public void A_key_that_the_layout_does_not_tell_apart_belongs_to_the_load_whose_object_names_it()
    {
        var loads = Loads(others: [("1700000040.0", 40, "append")]);
        Assert.False(ReplaceRule.Removes(loads, "items", KeyOf("1700000040.0"), null, Start.AddSeconds(45)));
        Assert.True(ReplaceRule.Removes(loads, "items", "ds/items/part-0.parquet", null, Start.AddSeconds(45)));
    }

    [Fact]
    public void Load_ids_are_compared_as_the_numbers_that_they_are()
    {
        var loads = Loads(complete: ["999999999.5"], others: [("999999999.5", 40, "replace")]);
        Assert.True(Removes(loads, "999999999.5", at: 41));
        Assert.False(Removes(loads, "1700000050.0", at: 51));
    }

    private static bool Removes(ConcurrentLoads loads, string? owner, int at) =>
        ReplaceRule.Removes(loads, "items", owner is null ? "ds/items/foreign.parquet" : KeyOf(owner), owner, Start.AddSeconds(at));

    private static string KeyOf(string loadId) => $"ds/items/{loadId}.a.parquet";

    private static ImmutableHashSet<string> Set(params string[] ids) => [.. ids];

    private static PublishObject Content(string loadId, string disposition) =>
        new() { LoadId = loadId, SchemaName = "s", Tables = [new("items", disposition, [KeyOf(loadId)])] };

    private static ConcurrentLoads Loads(string[]? complete = null, (string Id, int At, string Disposition)[]? others = null)
    {
        var all = (others ?? [])
            .ToImmutableSortedDictionary(o => o.Id, o => new OtherLoad(Start.AddSeconds(o.At), Content(o.Id, o.Disposition)));
        return new()
        {
            Own = Content("1700000050.0", "replace"),
            Began = Start.AddSeconds(50),
            CompleteBefore = Set(complete ?? []),
            Complete = Set(complete ?? []),
            Others = all,
        };
    }
}
