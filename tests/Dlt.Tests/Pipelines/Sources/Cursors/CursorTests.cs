using System.Globalization;
using System.Numerics;
using System.Text;
using Dlt.Items;
using Dlt.Json;
using Dlt.Sources.Cursors;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Sources.Cursors;

public sealed class CursorTests
{
    private readonly CursorRuns _runs = new();

    public static TheoryData<string, object, object, object> Types => new()
    {
        { "long", 1L, 2L, 3L },
        { "beyond 64 bits", BigInteger.Pow(2, 70), BigInteger.Pow(2, 71), BigInteger.Pow(2, 72) },
        { "double", 0.5, 1.5, 1e17 },
        { "mixed numbers", 1L, 1.5, 2L },
        { "decimal", 1.10m, 1.2m, 12.0m },
        { "bool", false, false, true },
        { "text", "a", "b", "\u00e4" },
        { "text beyond U+FFFF", "\ue000", "\uffee", "\U0001F600" },
        { "Guid", new Guid(1, 0, 0, new byte[8]), new Guid(2, 0, 0, new byte[8]), new Guid(3, 0, 0, new byte[8]) },
        { "instant", At("2024-01-01T00:00:00+02:00"), At("2024-01-01T00:00:00Z"), At("2024-01-01T00:00:00-02:00") },
        { "DateTime without kind", new DateTime(2024, 1, 1), new DateTime(2024, 1, 2), new DateTime(2024, 1, 3) },
        { "DateTime of this machine", Local(1), Local(2), Local(3) },
        { "date", new DateOnly(2024, 1, 1), new DateOnly(2024, 1, 2), new DateOnly(2024, 1, 3) },
        { "time of day", new TimeOnly(1, 0), new TimeOnly(2, 0), new TimeOnly(3, 0) },
        { "bytes", new byte[] { 1 }, new byte[] { 1, 0 }, new byte[] { 2 } },
        { "0x bytes as text", "0x00000000000007D1", "0x00000000000007D2", "0x00000000000007D3" },
    };

    [Theory, MemberData(nameof(Types))]
    public void Each_type_is_compared_in_each_form_in_both_directions(string type, object first, object second, object third)
    {
        foreach (var func in new[] { LastValueFunc.Max, LastValueFunc.Min })
        {
            object[] values = func == LastValueFunc.Max ? [first, second, third] : [third, second, first];
            foreach (var form in Forms())
            {
                var runs = new CursorRuns();
                var cursor = new Incremental("v") { LastValueFunc = func };
                var (old, all) = (form([(1, values[0]), (2, values[1])]), form([(1, values[0]), (2, values[1]), (3, values[2])]));
                Assert.Equal("1 2", Ids(runs.Run(cursor, old)));
                Assert.Equal($"{type} {func} 3", $"{type} {func} {Ids(runs.Run(cursor, all))}");
                Assert.Equal("", Ids(runs.Run(cursor, all)));
                Assert.Empty(runs.Warnings);
            }
        }
    }

    [Fact]
    public void LastValue_has_the_type_of_dot_net()
    {
        object[] values = [7L, 0.5, 12.50m, "a", new DateOnly(2024, 1, 2), new TimeOnly(1, 2, 3), At("2024-01-02T03:04:05+02:00")];
        foreach (var value in values) Assert.Equal(value, Last(value));
        Assert.Equal(new byte[] { 0, 7 }, Last(new byte[] { 0, 7 }));
        Assert.Equal(DateTimeKind.Unspecified, ((DateTime)Last(new DateTime(2024, 1, 2))!).Kind);

        static object? Last(object value)
        {
            var runs = new CursorRuns();
            var items = Forms().Last()([(1, value)]);
            runs.Run(new("v"), items);
            runs.Run(new("v"), items);
            return runs.Cursor.LastValue;
        }
    }

    [Fact]
    public void Items_that_come_late_are_counted_and_told()
    {
        _runs.Run(new("v"), Json("""[{"v":5},{"v":9}]"""));
        Assert.Equal("""{"v":10}""", _runs.Run(new("v"), Json("""[{"v":10},{"v":7},{"v":8}]""")));
        Assert.Equal([new("items", "v before 9", 2)], _runs.Skipped);
        var warning = Assert.Single(_runs.Warnings);
        Assert.StartsWith("Resource 'items', cursor 'v': 2 item(s) before 9,", warning, StringComparison.Ordinal);
        Assert.Contains("set Lag", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_yields_everything_in_every_run_is_counted_without_a_warning()
    {
        _runs.Run(new("v"), Json("""[{"v":5},{"v":9}]"""));
        _runs.Run(new("v"), Json("""[{"v":5},{"v":9},{"v":10}]"""));
        Assert.Equal([new("items", "v before 9", 1)], _runs.Skipped);
        Assert.Empty(_runs.Warnings);
    }

    [Fact]
    public void A_source_that_was_asked_for_later_items_and_yields_earlier_ones_is_warned_about()
    {
        _runs.Run(new("v"), Json("""[{"v":5},{"v":9}]"""));
        _runs.Run(new("v"), new ReadingPage(() => Assert.Equal(9L, _runs.Cursor.LastValue), Json("""[{"v":5},{"v":9}]""")));
        Assert.Single(_runs.Warnings);
    }

    [Fact]
    public void Descending_items_end_before_the_range_without_a_warning()
    {
        var cursor = new Incremental("v") { RowOrder = RowOrder.Desc };
        _runs.Run(cursor, Json("""[{"v":9},{"v":5}]"""));
        Assert.Equal("""{"v":11} {"v":10}""", _runs.Run(cursor, Json("""[{"v":11},{"v":10},{"v":8}]"""), Json("""[{"v":12}]""")));
        Assert.Empty(_runs.Warnings);
    }

    [Fact]
    public void Items_outside_a_range_with_an_end_belong_to_other_runs()
    {
        _runs.Run(new("v"), Json("""[{"v":9}]"""));
        _runs.Run(new("v") { InitialValue = 2, EndValue = 4 }, Json("""[{"v":1},{"v":2},{"v":3},{"v":4}]"""));
        Assert.Empty(_runs.Skipped);
        Assert.Empty(_runs.Warnings);
    }

    [Fact]
    public void Excluded_items_without_a_value_are_counted()
    {
        var cursor = new Incremental("v") { OnCursorValueMissing = CursorValueMissing.Exclude };
        Assert.Equal("""{"v":1}""", _runs.Run(cursor, Json("""[{"v":1},{"v":null},{"w":2}]""")));
        Assert.Equal([new("items", "no value of v", 2)], _runs.Skipped);
    }

    [Theory]
    [InlineData(RangeBound.Closed, RangeBound.Open, LastValueFunc.Max, "2 3")]
    [InlineData(RangeBound.Closed, RangeBound.Closed, LastValueFunc.Max, "2 3 4")]
    [InlineData(RangeBound.Open, RangeBound.Open, LastValueFunc.Max, "3")]
    [InlineData(RangeBound.Closed, RangeBound.Open, LastValueFunc.Min, "3 4")]
    [InlineData(RangeBound.Closed, RangeBound.Closed, LastValueFunc.Min, "2 3 4")]
    [InlineData(RangeBound.Open, RangeBound.Open, LastValueFunc.Min, "3")]
    public void Ranges_include_their_ends_as_declared(RangeBound start, RangeBound end, LastValueFunc func, string ids)
    {
        var (first, last) = func == LastValueFunc.Max ? (2, 4) : (4, 2);
        foreach (var form in Forms())
        {
            var range = new Incremental("v")
            { InitialValue = first, EndValue = last, RangeStart = start, RangeEnd = end, LastValueFunc = func };
            Assert.Equal(ids, Ids(new CursorRuns().Run(range, form([.. Enumerable.Range(1, 5).Select(i => (i, (object)(long)i))]))));
        }
    }

    [Fact]
    public void With_min_the_order_of_the_items_is_the_one_towards_the_smaller_values()
    {
        var cursor = new Incremental("v") { LastValueFunc = LastValueFunc.Min, InitialValue = 9, EndValue = 5, RowOrder = RowOrder.Asc };
        var pages = new[] { """[{"v":9},{"v":7}]""", """[{"v":6},{"v":4}]""", """[{"v":8}]""" }.Select(p => (object?)Json(p));
        Assert.Equal("""{"v":9} {"v":7} {"v":6}""", _runs.Run(cursor, [.. pages]));
    }

    [Fact]
    public void Long_decimals_that_one_double_stands_for_are_different_items()
    {
        var old = new RawJson("""[{"v":1,"d":0.12345678901234567890},{"v":1,"d":0.5}]"""u8.ToArray());
        var all = new RawJson("""[{"v":1,"d":0.12345678901234567890},{"v":1,"d":0.12345678901234567891},{"v":1,"d":0.5}]"""u8.ToArray());
        _runs.Run(new("v"), old);
        Assert.Equal("""{"v":1,"d":0.12345678901234567891}""", _runs.Run(new("v"), all));
        Assert.Equal("", _runs.Run(new("v"), all));
    }

    [Fact]
    public void A_lag_of_a_decimal_is_exact_and_a_negative_one_is_refused()
    {
        var cursor = new Incremental("v") { NumericLag = 0.1 };
        _runs.Run(cursor, Forms().Last()([(1, 0.3m)]));
        Assert.Equal("2", Ids(_runs.Run(cursor, Forms().Last()([(2, 0.2m), (3, 0.19m)]))));
        var error = Assert.Throws<IncrementalException>(() => _runs.Run(cursor with { NumericLag = -1 }));
        Assert.Contains("its lag is negative", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_with_and_without_an_offset_are_compared_in_UTC_with_a_warning()
    {
        var cursor = new Incremental("v") { InitialValue = At("2024-01-01T02:00:00+02:00") };
        var page = Forms().Last()([(1, new DateTime(2023, 12, 31, 23, 0, 0)), (2, new DateTime(2024, 1, 1))]);
        Assert.Equal("2", Ids(_runs.Run(cursor, page)));
        var warning = Assert.Single(_runs.Warnings);
        Assert.Contains("has no offset, and the bound 2024-01-01T02:00:00+02:00 has one", warning, StringComparison.Ordinal);
    }

    [Fact]
    public void A_time_as_bound_of_JSON_texts_is_an_error_that_says_how_to_write_it()
    {
        var cursor = new Incremental("v") { InitialValue = At("2024-01-01T00:00:00Z") };
        var error = Assert.Throws<IncrementalException>(() => _runs.Run(cursor, Json("""[{"v":"2024-01-01T00:00:00Z"}]""")));
        Assert.Contains("write the bound as a text in the form of the items", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_than_200_items_at_the_last_value_are_warned_about_and_more_than_the_bound_are_refused()
    {
        var cursor = new Incremental("v") { PrimaryKey = ["id"] };
        _runs.Run(cursor, Page(1, 200));
        Assert.Empty(_runs.Warnings);
        _runs.Run(cursor, Page(2, 201));
        Assert.Contains("201 items have the last value 2", Assert.Single(_runs.Warnings), StringComparison.Ordinal);
        var before = _runs.State;
        var error = Assert.Throws<IncrementalException>(() => _runs.Run(cursor, Page(3, CursorDeduplication.MaxHashes + 1)));
        Assert.Contains("set PrimaryKey = [] and load with merge", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, _runs.State);
        var ids = _runs.Run(cursor, Page(3, CursorDeduplication.MaxHashes + 1), Page(4, 1));   // not the last value any more
        Assert.Equal(CursorDeduplication.MaxHashes + 2, ids.Split(' ').Length);

        static RawJson Page(int value, int count) => new(Encoding.UTF8.GetBytes("[" + string.Join(',', Enumerable.Range(0, count)
            .Select(id => string.Create(CultureInfo.InvariantCulture, $"{{\"v\":{value},\"id\":{id}}}"))) + "]"));
    }

    [Theory]
    [InlineData("""[{"v":1,"v":5}]""")]
    [InlineData("""[{"w":{"v":1},"v":5}]""")]
    [InlineData("""[ {"\u0076":5} ]""")]
    [InlineData("""[{"v":5.0}]""")]
    [InlineData("""[{"v":500e-2},{"v":[1]}]""")]
    [InlineData("""[{"v":"a\n"},{"v":"b"}]""")]
    [InlineData("""[{"v":"2024-01-01T00:00:00Z"}]""")]
    [InlineData("""[{"v":18446744073709551616},{"v":2}]""")]
    [InlineData("""[{"v":0.12345678901234567890}]""")]
    [InlineData("""[5,{"v":1}]""")]
    [InlineData("""[[{"v":1}],{"v":2}]""")]
    [InlineData("""[{"v":{"a":1}}]""")]
    [InlineData("[{\"v\":\"\uf0282024-01-02\"},{\"v\":\"\uf0282024-01-03\"}]")]
    [InlineData("[{\"v\":\"\uf026\"}]")]
    [InlineData("[]")]
    public void JSON_text_is_filtered_as_its_items_are(string json)
    {
        var (text, items) = (new CursorRuns(), new CursorRuns());
        foreach (var missing in new[] { CursorValueMissing.Include, CursorValueMissing.Exclude })
        {
            var cursor = new Incremental("v") { OnCursorValueMissing = missing };
            for (var run = 0; run < 2; run++)
            {
                var expected = Outcome(() => items.Run(cursor, Json(json)));
                Assert.Equal(expected, Outcome(() => text.Run(cursor, new RawJson(Encoding.UTF8.GetBytes(json), "api"))));
                Assert.Equal(items.State, text.State);
            }
        }

        static string Outcome(Func<string> run)
        {
            try
            {
                return string.Join(' ', run().Split(' ').Select(i => i.Length == 0 ? i : JsonParser.Parse(i).ToString()));
            }
            catch (IncrementalException error)
            {
                return error.Message;
            }
        }
    }

    [Fact]
    public void Invalid_JSON_is_refused_with_its_place()
    {
        var page = new RawJson("""[{"v":1},{"v":}]"""u8.ToArray(), "orders.json");
        var error = Assert.Throws<JsonFormatException>(() => _runs.Run(new("v"), page));
        Assert.Contains("orders.json", error.Message, StringComparison.Ordinal);
    }

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static DateTime Local(int day) => new(2024, 1, day, 0, 0, 0, DateTimeKind.Local);

    private static JsonValue Json(string json) => JsonParser.Parse(json);

    private static string Ids(string items) => string.Join(' ', items.Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Select(i => JsonParser.Parse(i)["id"]!.ToString()));

    /// <summary>The forms of a page of items with an id and a value: parsed JSON, JSON text, objects.</summary>
    private static IEnumerable<Func<(int Id, object Value)[], object>> Forms()
    {
        yield return rows => JsonValue.Array([.. Objects(rows).Select(r => ItemWriter.ToJson(r)!)]);
        yield return rows => new RawJson((byte[])[.. "["u8, .. Objects(rows).SelectMany((r, at) =>
            (byte[])[.. at == 0 ? [] : ","u8.ToArray(), .. ItemWriter.ToText(r)]), .. "]"u8]);
        yield return rows => rows.Select(r => new { id = r.Id, v = r.Value }).ToList();
        yield return Objects;
    }

    private static List<Dictionary<string, object?>> Objects((int Id, object Value)[] rows) =>
        [.. rows.Select(r => new Dictionary<string, object?> { ["id"] = r.Id, ["v"] = r.Value })];

    /// <summary>A page whose generator does something before its first item.</summary>
    private sealed class ReadingPage(Action read, JsonValue items) : IEnumerable<JsonValue>
    {
        public IEnumerator<JsonValue> GetEnumerator()
        {
            read();
            return items.Items.AsEnumerable().GetEnumerator();
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
