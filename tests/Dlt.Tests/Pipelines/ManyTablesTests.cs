using Dlt.Destinations;
using Dlt.Json;
using Dlt.Naming;
using Dlt.Normalize;
using Dlt.Schemas;
using Dlt.Sources.State;
using Dlt.State;
using Dlt.Tests.Pipelines.Normalize;

namespace Dlt.Tests.Pipelines;

public class ManyTablesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void The_work_for_a_new_child_table_does_not_grow_with_the_number_of_tables()
    {
        var few = BytesFor(100);
        Assert.InRange(BytesFor(1600), 0, few * 16 * 4);   // with the chain looked through for each table it was 200 times as much
    }

    [Fact]
    public void A_row_with_very_many_tables_stops_when_the_run_is_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var schema = new Schema("law", NamingConvention.Create("snake_case", 255));
        var normalizer = Normalizer(schema, stop.Token);
        normalizer.Add(Row(1), "items");
        stop.Cancel();
        Assert.Throws<OperationCanceledException>(() => normalizer.Add(Row(1000), "items"));
        Assert.InRange(schema.DataTables.Count(), 1, 3);
    }

    [Fact]
    public void Texts_that_are_added_to_a_list_of_the_state_do_not_copy_it_each()
    {
        var store = new StateStore(JsonValue.EmptyObject);
        var state = new ResourceState(store, "source", "resource");
        state["before"] = JsonValue.Integer(1);
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 20_000; i++) Assert.True(state.TryAddToList("seen", $"k{i}"));
        for (var i = 0; i < 20_000; i++) Assert.False(state.TryAddToList("seen", $"k{i}"));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - bytes, 0, 40 << 20);   // a copy for each text was 1.6 GB
        Assert.Equal(Enumerable.Range(0, 20_000).Select(i => $"k{i}"), state["seen"]!.Items.Select(i => i.AsString()));
    }

    [Fact]
    public void A_list_of_the_state_is_as_it_was_added_and_changed_whatever_the_order()
    {
        var store = new StateStore(JsonParser.Parse("""{"sources":{"s":{"resources":{"r":{"old":["a",1],"number":5}}}}}"""));
        var state = new ResourceState(store, "s", "r");
        Assert.False(state.TryAddToList("old", "a"));
        Assert.True(state.TryAddToList("old", "1"));
        Assert.True(state.TryAddToList("new", "x"));
        Assert.True(state.TryAddToList("number", "y"));
        state["later"] = JsonValue.Integer(2);
        Assert.True(state.TryAddToList("new", "z"));
        Assert.Equal(
            """{"sources":{"s":{"resources":{"r":{"old":["a",1,"1"],"number":["y"],"new":["x","z"],"later":2}}}}}""",
            JsonText.Write(store.Current));
        state["new"] = null;
        Assert.True(state.TryAddToList("new", "x"));
        Assert.Equal("""["x"]""", JsonText.Write(state["new"]!));
        state.Update("new", list => JsonValue.Array(list!.Items.Add(JsonValue.String("w"))));
        Assert.False(state.TryAddToList("new", "w"));
        store.Reset("s", "r");
        Assert.True(state.TryAddToList("new", "x"));
        Assert.Equal("""{"sources":{"s":{"resources":{"r":{"new":["x"]}}}}}""", JsonText.Write(store.Current));
    }

    private static long BytesFor(int tables)
    {
        var schema = new Schema("law", NamingConvention.Create("snake_case", 255));
        var normalizer = Normalizer(schema, Cancellation);
        var row = Row(tables);
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        normalizer.Add(row, "items");
        return GC.GetAllocatedBytesForCurrentThread() - bytes;
    }

    private static ItemNormalizer Normalizer(Schema schema, CancellationToken cancellationToken) =>
        new(schema, AthenaCapabilities.Default, "1.0", new CountingIds(), TimeProvider.System, cancellationToken: cancellationToken);

    private static JsonValue Row(int tables) =>
        JsonValue.Object(Enumerable.Range(0, tables).Select(i => KeyValuePair.Create($"l_{i}", JsonValue.Array([JsonValue.Integer(i)]))));
}
