using CsCheck;
using Dlt.Batches;
using Dlt.Batches.Building;
using Dlt.Destinations;
using Dlt.Extract;
using Dlt.Items;
using Dlt.Json;
using Dlt.Naming;
using Dlt.Normalize;
using Dlt.Normalize.Chunks;
using Dlt.Normalize.Rows;
using Dlt.Schemas;
using Schema = Dlt.Schemas.Schema;

namespace Dlt.Tests.Pipelines.Normalize;

public class BatchPathTests
{
    private static readonly DateTime Day = new(2024, 2, 29, 12, 30, 0, DateTimeKind.Utc);

    private static readonly Gen<Part?> AnyPart =
        Gen.Select(Gen.Int[0, 3], Gen.Bool.Nullable(), (i, b) => i == 0 ? null : new Part($"p{i}", b));

    private static readonly Gen<Item> AnyItem =
        Gen.Select(
            Gen.Select(Gen.Long.Nullable(), Gen.Double[-1e6, 1e6].Nullable(), Gen.Bool.Nullable(),
                OneOf<string?>(null, "", "text", "é€😀", "2024-01-02T03:04:05Z", "2024-01-02 03:04:05.5", "12:30:00", "5")),
            Gen.Select(Gen.Int[0, 4], Gen.Int[0, 5], Gen.Int[-40_000, 40_000].Nullable()),
            Gen.Select(AnyPart, AnyPart.List[0, 3].Null(), Gen.Int.List[0, 3].Null()),
            Gen.Select(Gen.Decimal[-1000, 1000].Select(d => Math.Round(d, 2) + 0.00m), Gen.Byte.Array[0, 4].Null()))
        .Select((scalars, numbers, nested, others) => new Item(
            scalars.Item1, scalars.Item2, scalars.Item3, scalars.Item4, numbers.Item1 == 0 ? null : Day.AddDays(numbers.Item2),
            numbers.Item3 is { } day ? DateOnly.FromDayNumber(700_000 + day) : null,
            numbers.Item1 > 2 ? new Guid(numbers.Item2, 1, 2, new byte[8]) : null, (Level)numbers.Item2, nested.Item1, nested.Item2,
            nested.Item3, decimal.Parse(others.Item1.ToString("F2", null), null), others.Item2));

    [Fact]
    public void An_object_is_the_same_item_as_json_and_as_columns() => AnyItem.List[1, 40].Sample(
        items => Assert.Equal([.. items.Select(i => JsonText.Write(ItemWriter.ToJson(i)!))],
            (List<string>)[.. Pages(items).SelectMany(JsonItems).Select(i => JsonText.Write(i))]),
        iter: 300);

    [Fact]
    public void Batches_of_items_give_the_rows_and_the_schema_of_the_same_items_one_by_one() => AnyItem.List[1, 40].Sample(
        items => Assert.Equal(OneByOne(items), InBatches(Pages(items))), iter: 1000);

    [Fact]
    public void Dictionaries_lists_and_objects_in_each_other_are_the_same_items_as_json_and_as_columns() => AnyValue(3).List[1, 40].Sample(
        values =>
        {
            object?[] items = [.. values.Select((value, i) => i % 7 == 0
                ? new WithObject(value)
                : (object)new Dictionary<string, object?> { ["id"] = i, ["any"] = value })];
            var batches = new ObjectBatches();
            List<object?> pages = Gather(batches, items);
            Assert.Equal([.. items.Select(i => JsonText.Write(ItemWriter.ToJson(i)!))],
                (List<string>)[.. pages.SelectMany(JsonItems).Select(i => JsonText.Write(i))]);
            Assert.Equal(OneByOne(items), InBatches(pages));
        },
        iter: 2000);

    [Fact]
    public void Nested_dictionaries_of_the_same_names_make_one_batch()
    {
        var batches = new ObjectBatches();
        List<object?> pages =
        [
            .. Gather(batches, Enumerable.Range(0, 100).Select(i => (object)new Dictionary<string, object?>
            {
                ["id"] = i, ["none"] = null, ["user"] = i % 3 == 0 ? null : new Dictionary<string, object>
                { ["name"] = $"n{i}", ["tags"] = new List<string> { "a", "b" } }, ["counts"] = new Dictionary<string, int> { ["n"] = i },
            })),
        ];
        Assert.Equal(100, Assert.IsType<ItemBatch>(Assert.Single(pages)).Rows.Length);
    }

    [Fact]
    public void Dictionaries_of_one_type_of_value_make_batches_and_other_items_do_not()
    {
        object[] items = [new Dictionary<string, int> { ["a"] = 1 }, new Dictionary<string, int> { ["a"] = 2 },
            new Dictionary<int, string> { [1] = "x" }, new SortedList<string, string?> { ["a"] = null },
            new Dictionary<string, DateTime> { ["at"] = Day }];
        var batches = new ObjectBatches();
        List<object?> pages = Gather(batches, items);
        Assert.Equal([.. items.Select(i => JsonText.Write(ItemWriter.ToJson(i)!))],
            (List<string>)[.. pages.SelectMany(JsonItems).Select(i => JsonText.Write(i))]);
        Assert.Equal(["2", "Dictionary`2", "1", "1"], pages.Select(p => p is ItemBatch batch ? $"{batch.Rows.Length}" : p!.GetType().Name));
    }

    [Fact]
    public void Few_large_items_do_not_wait_for_many()
    {
        var batches = new ObjectBatches();
        var text = new string('x', 1 << 20);
        var sizes = Gather(batches, Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? new Part(text, null) : new Part(text + i, true)))
            .Select(p => Assert.IsType<ItemBatch>(p).Rows.Length).ToList();
        Assert.Equal(40, sizes.Sum());
        Assert.InRange(sizes.Max(), 1, 4);
    }

    [Fact]
    public void Types_that_take_turns_keep_their_order()
    {
        var batches = new ObjectBatches();
        object[] items = [.. Enumerable.Range(0, 1000)
            .Select(i => i % 2 == 0 ? new Part($"{i}", null) : (object)new Bolt($"{i}", null, 1))];
        List<object?> pages = Gather(batches, items);
        Assert.Equal(
            Enumerable.Range(0, 1000).Select(i => $"{i}"), pages.SelectMany(JsonItems).Select(i => i["Name"]!.AsString()));
    }

    [Fact]
    public async Task Objects_of_derived_types_and_values_beyond_columns_are_not_lost()
    {
        Part[] parts = [new("a", true), new Bolt("b", false, 8), new("c", null)];
        var pages = new List<object?>();
        await foreach (var page in RecordBatches<Part>.FromEnumerable(parts, TestContext.Current.CancellationToken)) pages.Add(page);
        Assert.Equal(
            ["batch 1", "Bolt", "batch 1"], pages.Select(p => p is ItemBatch batch ? $"batch {batch.Rows.Length}" : p!.GetType().Name));
        Assert.True(RecordBatches<WithObject>.IsPossible);
        Assert.False(RecordBatches<Loop>.IsPossible);
    }

    [Fact]
    public void Dictionaries_are_the_same_items_as_json_and_as_columns()
    {
        Dictionary<string, object?>[] items =
        [
            new() { ["a"] = 1, ["b"] = "x" }, new() { ["a"] = 2L, ["b"] = null }, new() { ["a"] = "text", ["b"] = "y" },
            new() { ["b"] = "z", ["a"] = 3 }, new() { ["a"] = new[] { 1, 2 }, ["c"] = Day }, new(),
            new() { ["a"] = 1.5, ["c"] = new Dictionary<string, object?> { ["n"] = 1 } }, new() { ["a"] = 2.5, ["c"] = 1m },
        ];
        var pages = DictionaryBatches.FromAsync(items.ToAsyncEnumerable(), TestContext.Current.CancellationToken)
            .ToBlockingEnumerable(TestContext.Current.CancellationToken).ToList();
        Assert.Equal([.. items.Select(i => JsonText.Write(ItemWriter.ToJson(i)!))],
            (List<string>)[.. pages.SelectMany(JsonItems).Select(i => JsonText.Write(i))]);
        Assert.Contains(pages, p => p is ItemBatch { Rows.Length: 2 });
    }

    /// <summary>Scalars, lists and dictionaries, often of one shape, sometimes not.</summary>
    private static Gen<object?> AnyValue(int depth)
    {
        var scalar = Gen.Int[0, 9]
            .Select(i => i switch { 0 => null, 1 => "text", 2 => 1.5, 3 => Level.High, 5 => DBNull.Value, 4 => (object)Day, _ => i });
        if (depth == 0) return scalar;
        var inner = AnyValue(depth - 1);
        return Gen.Frequency(
            (3, scalar),
            (2, inner.List[0, 3].Select(list => (object?)list)),
            (2, inner.Array[0, 3].Select(list => (object?)list)),
            (6, Gen.Select(inner, Gen.Int[0, 5]).Select(pair => (object?)(pair.Item2 == 0
                ? new Dictionary<string, object?> { ["b"] = pair.Item1 }
                : new Dictionary<string, object?> { ["a"] = 1, ["b"] = pair.Item1 }))),
            (1, Gen.Int[0, 2].Select(n => (object?)Enumerable.Range(0, n).ToDictionary(i => $"k{i}", i => i))));
    }

    private static string OneByOne(IEnumerable<object?> items) => Normalised(normalizer =>
    {
        foreach (var item in items) normalizer.Add(ItemWriter.ToJson(item)!, "items");
    });

    private static string InBatches(IEnumerable<object?> pages)
    {
        var job = new ExtractedJob("file", "file", "items", LinesAreLists: false, null);
        return Normalised(normalizer =>
        {
            foreach (var page in pages)
            {
                if (page is ItemBatch batch) normalizer.Add(batch.Rows, job, RowOrigin.Items);
                else normalizer.Add(ItemWriter.ToJson(page)!, "items");
            }
        });
    }

    private static List<object?> Gather(ObjectBatches batches, IEnumerable<object?> items) =>
        [.. items.SelectMany(i => batches.Add(Dlt.Items.Item.OfValue(i))).Select(i => i.Value), .. batches.Flush().Select(i => i.Value)];

    private static IEnumerable<JsonValue> JsonItems(object? page) =>
        page is ItemBatch batch ? BatchRows.ToItems(batch.Rows) : [ItemWriter.ToJson(page) ?? JsonValue.Null];

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    /// <summary>Returns the items as batches. An enum value without a name is a number, so its item is not batched.</summary>
    private static List<object?> Pages(IEnumerable<Item> items) =>
        [.. RecordBatches<Item>.FromEnumerable(items, TestContext.Current.CancellationToken)
            .ToBlockingEnumerable(TestContext.Current.CancellationToken)];

    private static string Normalised(Action<ItemNormalizer> add)
    {
        var schema = new Schema("law", NamingConvention.Create("snake_case", 255));
        var normalizer = new ItemNormalizer(schema, AthenaCapabilities.Default, "1.0", new CountingIds(), TimeProvider.System);
        add(normalizer);
        return string.Join('\n', schema.Tables.Select(t => JsonText.Write(t.ToJson()))) + NormalizedText.Of(normalizer, schema);
    }

    private enum Level
    {
        Low,
        Middle,
        High,
    }

    private record Part(string Name, bool? Ok);

    private sealed record Bolt(string Name, bool? Ok, int Size) : Part(Name, Ok);

    private sealed record WithObject(object? Any);

    private sealed record Loop(string Name, Loop? Next);

    private sealed record Item(
        long? Id, double? Ratio, bool? IsOpen, string? Name, DateTime? CreatedAt, DateOnly? Day, Guid? Key, Level Level, Part? Part,
        List<Part?>? Parts, List<int>? Numbers, decimal Price, byte[]? Bytes);
}
