using Dlt.Destinations;
using Dlt.Destinations.Tables;
using Dlt.Json;
using Dlt.Naming;
using Dlt.Normalize.Workers;
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
    public void Another_worker_takes_each_new_table_once()
    {
        const int tables = 200;
        var shared = new SharedSchema(new Schema("law", NamingConvention.Create("snake_case", 255)));
        var (first, second) = (new SchemaTurn(shared), new SchemaTurn(shared));
        var before = second.Schema.Changes;
        for (var chunk = 0; chunk < tables * 2; chunk++)
        {
            var turn = chunk % 2 == 0 ? first : second;
            Assert.True(turn.Begin(chunk));
            Assert.True(turn.TryTake());
            if (chunk % 2 == 0) turn.Schema.Set(new TableSchema($"t{chunk / 2}"));
            turn.Pass();
        }

        Assert.Equal(tables, second.Schema.DataTables.Count());
        Assert.InRange(second.Schema.Changes - before, tables, tables * 2);
    }

    [Fact]
    public void The_chains_of_many_tables_are_found_in_one_look()
    {
        const int tables = 1000;
        var schema = new Schema("law", NamingConvention.Create("snake_case", 255));
        for (var i = 0; i < tables; i++)
        {
            schema.Set(new TableSchema($"t{i}"));
            schema.Set(new TableSchema($"t{i}__l", $"t{i}"));
        }

        var roots = schema.DataTables.Where(t => t.Parent is null).ToList();
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        Assert.All(roots, r => Assert.Equal([r.Name, r.Name + "__l"], schema.ChainOf(r).Select(t => t.Name)));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - bytes, 0, 10 << 20);   // a look for each root was 200 MB
        schema.Set(new TableSchema("t0__m", "t0"));
        Assert.Equal(["t0", "t0__l", "t0__m"], schema.ChainOf(roots[0]).Select(t => t.Name));
    }

    [Fact]
    public void The_check_of_a_tables_name_does_not_look_at_all_tables()
    {
        var schema = new Schema("law", NamingConvention.Create("direct", 255));
        for (var i = 0; i < 1000; i++) schema.Set(new TableSchema($"t{i}").WithSeenData());
        var bytes = GC.GetAllocatedBytesForCurrentThread();
        foreach (var table in schema.DataTables) TableNames.Check(schema, [table]);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - bytes, 0, 2 << 20);   // a look at all tables for each was 100 MB
        schema.Set(new TableSchema("T7"));
        Assert.Throws<SchemaException>(() => TableNames.Check(schema, [schema.Table("T7")]));
        schema.Drop("t7");
        TableNames.Check(schema, [schema.Table("T7")]);
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
