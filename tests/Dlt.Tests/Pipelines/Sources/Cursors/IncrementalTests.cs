using System.Runtime.CompilerServices;
using System.Text;
using Dlt.Json;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Sources.Cursors;

public sealed class IncrementalTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<object?> _seen = [];
    private int _pages;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_second_run_loads_newer_items_only_and_the_generator_gets_the_last_value()
    {
        var account = Some.Account(_folder);
        Order[] all = [Order.On(1, 1), Order.On(2, 2), Order.On(3, 2)];
        await RunAsync(account, all);
        await RunAsync(account, [.. all, Order.On(4, 2), Order.On(5, 3)]);
        Assert.Equal("1,2,3,4,5", await Some.ValueAsync(account, "SELECT string_agg(id, ',' ORDER BY id) FROM orders"));
        Assert.Equal([null, new DateTimeOffset(2024, 1, 2, 0, 0, 0, TimeSpan.Zero)], _seen);
    }

    [Fact]
    public async Task Raw_pages_and_items_for_other_tables_pass_the_cursor_too()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { Incremental = new("n") { InitialValue = 2 } };
        object[] items =
        [
            new RawJson(Encoding.UTF8.GetBytes("""[{"n":1},{"n":2}]""")),
            new TableItem("others", new { n = 3 }),
            new TableItem("others", new { n = 0 }),
        ];
        await Some.Pipeline(account).RunAsync(Resource.Create<object>("items", items, hints), Cancellation);
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT string_agg(n, ',') FROM items"));
        Assert.Equal("3", await Some.ValueAsync(account, "SELECT string_agg(n, ',') FROM others"));
    }

    [Fact]
    public async Task A_lag_loads_late_numbers_and_late_times_again()
    {
        var account = Some.Account(_folder);
        var times = new Incremental("seen") { Lag = TimeSpan.FromHours(1) };
        await RunLagAsync(account, "numbers", new("n") { NumericLag = 2 }, [new { n = 10 }], [new { n = 7 }, new { n = 8 }]);
        await RunLagAsync(account, "times", times, [new { seen = At(10) }], [new { seen = At(8) }, new { seen = At(9) }]);
        Assert.Equal("8,10", await Some.ValueAsync(account, "SELECT string_agg(n, ',' ORDER BY n) FROM numbers"));
        Assert.Equal("9,10", await Some.ValueAsync(account, "SELECT string_agg(hour(seen), ',' ORDER BY seen) FROM times"));
    }

    [Fact]
    public async Task A_lag_of_the_wrong_kind_names_the_right_one()
    {
        var account = Some.Account(_folder);
        var span = await Assert.ThrowsAsync<IncrementalException>(() =>
            RunLagAsync(account, "numbers", new("n") { Lag = TimeSpan.FromHours(1) }, [new { n = 10 }], [new { n = 7 }]));
        Assert.Contains("its last value 10 is a number. Set NumericLag instead.", span.Message, StringComparison.Ordinal);
        var number = await Assert.ThrowsAsync<IncrementalException>(() =>
            RunLagAsync(account, "times", new("seen") { NumericLag = 60 }, [new { seen = At(10) }], [new { seen = At(9) }]));
        Assert.Contains("is a date or a time. Set Lag instead.", number.Message, StringComparison.Ordinal);
        var both = await Assert.ThrowsAsync<IncrementalException>(() =>
            RunLagAsync(account, "both", new("n") { NumericLag = 1, Lag = TimeSpan.FromHours(1) }, [new { n = 10 }]));
        Assert.Contains("Keep Lag for dates and times, or NumericLag for numbers.", both.Message, StringComparison.Ordinal);
    }

    private static DateTimeOffset At(int hour) => new(2024, 1, 1, hour, 0, 0, TimeSpan.Zero);

    private static async Task RunLagAsync(LocalAthena account, string name, Incremental cursor, params object[][] runs)
    {
        foreach (var items in runs)
            await Some.Pipeline(account).RunAsync(Resource.Create(name, items, new() { Incremental = cursor }), Cancellation);
    }

    [Fact]
    public async Task A_generator_in_order_ends_with_the_first_page_beyond_the_range()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { Incremental = new("n") { InitialValue = 0, EndValue = 25, RowOrder = RowOrder.Asc } };
        await Some.Pipeline(account).RunAsync(Resource.Create("items", (_, _) => Pages(), hints), Cancellation);
        Assert.Equal("25", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
        Assert.Equal(3, _pages);
    }

    [Fact]
    public async Task Transformers_get_the_new_items_as_the_generator_made_them()
    {
        var account = Some.Account(_folder);
        var orders = Orders([Order.On(1, 1), Order.On(2, 2)], new("UpdatedAt") { InitialValue = Order.On(0, 2).UpdatedAt });
        await Some.Pipeline(account)
            .RunAsync([orders, orders.Transform<Order, Item>("numbers", (order, _, stop) => NumberAsync(order, stop))], Cancellation);
        Assert.Equal("2", await Some.ValueAsync(account, "SELECT string_agg(n, ',') FROM numbers"));
    }

    [Fact]
    public async Task A_replaced_resource_that_only_feeds_a_transformer_begins_from_the_start_in_every_run()
    {
        var account = Some.Account(_folder);
        for (var run = 0; run < 2; run++)
        {
            var hints = new ResourceHints { WriteDisposition = WriteDisposition.Replace, Incremental = new("rev") };
            var regions = Some.Resource("regions", hints, """{"region":"north","rev":7}""", """{"region":"north2","rev":9}""");
            var cities = regions.Transform<JsonValue, JsonValue>(
                "cities", (item, _, _) => One(item), new ResourceHints { WriteDisposition = WriteDisposition.Replace });
            await Some.Pipeline(account).RunAsync([regions.Unselected(), cities], Cancellation);
            Assert.Equal("2", await Some.ValueAsync(account, "SELECT count(*) FROM cities"));
        }
    }

    [Fact]
    public async Task A_border_row_that_python_hashed_by_a_list_of_one_key_is_not_loaded_again()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { PrimaryKey = ["no"], Incremental = new("rev") };
        await Some.Pipeline(account).RunAsync(Resource.Create("items", (context, _) => WithPythonState(context)), Cancellation);
        await Some.Pipeline(account).RunAsync(Some.Resource("items", hints, """{"no":7,"rev":3}""", """{"no":8,"rev":3}"""), Cancellation);
        var items = Some.Resource("items", hints, """{"no":7,"rev":3}""", """{"no":8,"rev":3}""", """{"no":9,"rev":3}""");
        await Some.Pipeline(account).RunAsync(items, Cancellation);
        Assert.Equal("8,9", await Some.ValueAsync(account, "SELECT string_agg(no, ',' ORDER BY no) FROM items WHERE no IS NOT NULL"));

        static async IAsyncEnumerable<JsonValue> WithPythonState(ResourceContext context)
        {
            await Task.CompletedTask;
            // Of [7].
            context.State["incremental"] = Some.Item(
                """{"rev":{"initial_value":null,"last_value":3,"unique_hashes":["ZxF7bMImfzED"],"start_value":null}}""");
            yield return Some.Item("""{"rev":3}""");
        }
    }

    [Fact]
    public async Task The_start_value_moves_when_a_row_without_cursor_value_was_kept()
    {
        var account = Some.Account(_folder);
        var hints = new ResourceHints { Incremental = new("rev") { OnCursorValueMissing = CursorValueMissing.Include } };
        string[] items = ["""{"k":"a","rev":10}""", """{"k":"b"}""", """{"k":"c","rev":25}"""];
        for (var run = 0; run < 2; run++) await Some.Pipeline(account).RunAsync(Some.Resource("items", hints, items), Cancellation);
        var state = JsonParser.Parse(
            await File.ReadAllBytesAsync(Path.Combine(Some.Pipeline(account).WorkingFolder, "state.json"), Cancellation));
        Assert.Equal("25", state["sources"]!["pipe"]!["resources"]!["items"]!["incremental"]!["rev"]!["start_value"]!.ToString());
    }

    [Fact]
    public async Task A_transformer_cannot_have_a_cursor()
    {
        var account = Some.Account(_folder);
        var orders = Orders([Order.On(1, 1)], new("UpdatedAt"));
        var numbers = orders.Transform<Order, Item>(
            "numbers", (order, _, stop) => NumberAsync(order, stop), new ResourceHints { Incremental = new("n") });
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account).RunAsync([orders, numbers], Cancellation));
        Assert.Contains("'numbers' is a transformer", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_asks_the_generator_for_no_further_page()
    {
        var account = Some.Account(_folder);
        await Some.Pipeline(account).RunAsync(Resource.Create("items", (_, _) => Pages()).WithLimit(2), Cancellation);
        Assert.Equal(2, _pages);
        await Some.Pipeline(account).RunAsync(Resource.Create("items", (_, _) => Pages()).WithLimit(0), Cancellation);
        Assert.Equal(2, _pages);
    }

    [Fact]
    public async Task A_range_with_an_end_leaves_the_state_alone()
    {
        var account = Some.Account(_folder);
        await RunAsync(account, [Order.On(1, 10)]);
        var range = new Incremental("UpdatedAt") { InitialValue = Order.On(0, 1).UpdatedAt, EndValue = Order.On(0, 5).UpdatedAt };
        await Some.Pipeline(account).RunAsync(Orders([Order.On(2, 2), Order.On(3, 7)], range), Cancellation);
        await RunAsync(account, [Order.On(4, 6), Order.On(5, 11)]);
        Assert.Equal("1,2,5", await Some.ValueAsync(account, "SELECT string_agg(id, ',' ORDER BY id) FROM orders"));
    }

    [Theory]
    [InlineData("nope", "has no value there")]
    [InlineData("a[", "is not valid")]
    [InlineData("Id", "cannot be compared")]
    public async Task A_cursor_that_cannot_work_is_named_and_nothing_is_loaded(string path, string said)
    {
        var account = Some.Account(_folder);
        var cursor = new Incremental(path) { InitialValue = "a text" };
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account)
            .RunAsync(Orders([Order.On(1, 1)], cursor), Cancellation));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Null(await account.Glue.GetTableAsync("ds", "orders", Cancellation));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("id")]
    [InlineData("id,what")]
    public async Task The_cursor_keeps_the_same_objects_dictionaries_and_JSON_even_when_a_generator_fills_one_object_again(string? key)
    {
        List<Change> items = [.. Enumerable.Range(0, 40)
            .Select(i => new Change { Id = i, Number = i * 7 % 20 / 2, What = i % 3 == 0 ? null : $"é{i}" })];
        var one = new Change();
        var states = new List<string>();
        foreach (var form in new IEnumerable<object?>[]
        {
            items.Select(i => (object?)new RawJson(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(i), "items")),
            items,
            items.Select(i => new Dictionary<string, object?> { ["id"] = i.Id, ["n"] = i.Number, ["what"] = i.What }),
            items.Select(i => new { id = i.Id, n = i.Number, what = i.What }),
            items.Select(i => one.Fill(i)),
        })
        {
            using var folder = new TempFolder();
            var account = Some.Account(folder);
            var hints = new ResourceHints { Incremental = key is null ? new("n") : new("n") { PrimaryKey = [.. key.Split(',')] } };
            await Some.Pipeline(account).RunAsync(Resource.Create("items", (_, _) => form.ToAsyncEnumerable(), hints), Cancellation);
            Assert.Equal("40", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
            await Some.Pipeline(account).RunAsync(Resource.Create("items", (_, _) => form.ToAsyncEnumerable(), hints), Cancellation);
            // the hashes stop every row with the last value
            Assert.Equal("40", await Some.ValueAsync(account, "SELECT count(*) FROM items"));
            var file = Assert.Single(Directory.GetFiles(folder.File("."), "state.json", SearchOption.AllDirectories));
            states.Add(JsonParser.Parse(await File.ReadAllBytesAsync(file, Cancellation))["sources"]!.ToString());
        }

        Assert.Contains("unique_hashes", states[0], StringComparison.Ordinal);
        Assert.All(states, state => Assert.Equal(states[0], state));
    }

    private static async IAsyncEnumerable<Item> NumberAsync(Order order, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        cancellationToken.ThrowIfCancellationRequested();
        yield return new(order.Id);
    }

    private Task<LoadInfo> RunAsync(LocalAthena account, Order[] orders) =>
        Some.Pipeline(account).RunAsync(Orders(orders, new("UpdatedAt")), Cancellation);

    private Resource Orders(Order[] orders, Incremental cursor) =>
        Resource.Create("orders", (context, stop) => Generate(context, orders, stop), new ResourceHints { Incremental = cursor });

    private async IAsyncEnumerable<Order> Generate(
        ResourceContext context, Order[] orders, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        _seen.Add(context.Cursor!.LastValue);
        foreach (var order in orders)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return order;
        }
    }

    private async IAsyncEnumerable<List<Item>> Pages()
    {
        for (var page = 0; page < 10; page++)
        {
            await Task.Yield();
            _pages++;
            yield return [.. Enumerable.Range(page * 10, 10).Select(n => new Item(n))];
        }
    }

    private sealed record Item(int n);

    private sealed record Order(int Id, DateTimeOffset UpdatedAt)
    {
        public static Order On(int id, int day) => new(id, new DateTimeOffset(2024, 1, day, 0, 0, 0, TimeSpan.Zero));
    }

    private sealed class Change
    {
        [System.Text.Json.Serialization.JsonPropertyName("id")]
        public int Id { get; set; }

        [System.Text.Json.Serialization.JsonPropertyName("n")]
        public long Number { get; set; }

        [System.Text.Json.Serialization.JsonPropertyName("what")]
        public string? What { get; set; }

        public Change Fill(Change other)
        {
            (Id, Number, What) = (other.Id, other.Number, other.What);
            return this;
        }
    }

    private static async IAsyncEnumerable<JsonValue> One(JsonValue item)
    {
        await Task.CompletedTask;
        yield return item;
    }
}
