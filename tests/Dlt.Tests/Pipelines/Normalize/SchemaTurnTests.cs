using Dlt.Naming;
using Dlt.Normalize.Workers;
using Dlt.Schemas;

namespace Dlt.Tests.Pipelines.Normalize;

/// <summary>Workers change the schema of a package in the order of the data.</summary>
public class SchemaTurnTests
{
    private readonly SharedSchema _shared;
    private readonly SchemaTurn _first;
    private readonly SchemaTurn _second;

    public SchemaTurnTests()
    {
        _shared = new SharedSchema(new Schema("shop", NamingConvention.Create("snake_case", 255)));
        _first = new SchemaTurn(_shared);
        _second = new SchemaTurn(_shared);
    }

    [Fact]
    public void A_change_is_seen_by_the_next_chunk_and_not_before_it_is_published()
    {
        Assert.True(_first.Begin(0));
        Assert.True(_second.Begin(1));
        Assert.True(_first.TryTake());
        _first.Schema.UpdateTable(new TableSchema("orders"));
        Assert.False(_second.Schema.TryGetTable("orders", out _));
        _first.Pass();

        Assert.True(_second.TryTake());
        Assert.True(_second.Schema.TryGetTable("orders", out _));
    }

    [Fact]
    public void A_chunk_waits_for_all_chunks_before_it()
    {
        _first.Begin(0);
        _second.Begin(1);
        var saw = false;
        var worker = new Thread(() =>
        {
            _second.TryTake();
            saw = _second.Schema.TryGetTable("orders", out _);
        });
        worker.Start();
        SpinWait.SpinUntil(() => (worker.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) != 0);

        _first.TryTake();
        _first.Schema.UpdateTable(new TableSchema("orders"));
        _first.Pass();
        worker.Join();
        Assert.True(saw);
    }

    [Fact]
    public void The_turn_is_held_until_it_is_passed()
    {
        _first.Begin(0);
        Assert.False(_first.IsHeld);
        _first.TryTake();
        Assert.True(_first.IsHeld);
        _first.Pass();
        Assert.False(_first.IsHeld);
    }

    [Fact]
    public void Rows_made_before_a_json_column_appeared_are_made_a_second_time()
    {
        _first.Begin(0);
        _second.Begin(1);
        _first.TryTake();
        AddJsonColumn(_first);
        _first.Pass();

        Assert.False(_second.TryTake());
        Assert.True(_second.IsHeld);
        Assert.True(_second.TryTake());
        _second.Pass();
        Assert.True(_first.Begin(2));   // the worker that added the column knows it
    }

    [Fact]
    public void A_worker_that_begins_later_forgets_the_shapes_of_its_earlier_chunks()
    {
        _first.Begin(0);
        _first.TryTake();
        AddJsonColumn(_first);
        _first.Pass();

        Assert.False(_second.Begin(1));
        _second.TryTake();
        _second.Pass();
        Assert.True(_second.Begin(2));
    }

    [Fact]
    public void Other_changes_leave_the_rows_of_later_chunks_as_they_are()
    {
        _first.Begin(0);
        _second.Begin(1);
        _first.TryTake();
        _first.Schema.UpdateTable(new TableSchema("orders").WithColumn(new ColumnSchema("note", DataType.Text)));
        _first.Pass();

        Assert.True(_second.TryTake());
        Assert.True(_second.Schema.Table("orders").TryGetColumn("note", out _));
    }

    [Fact]
    public void An_error_of_another_worker_ends_the_wait()
    {
        _second.Begin(1);
        _shared.Turns.Stop();
        Assert.Throws<OperationCanceledException>(() => _second.TryTake());
        Assert.False(_second.IsHeld);
    }

    private static void AddJsonColumn(SchemaTurn turn)
    {
        turn.Schema.UpdateTable(new TableSchema("orders").WithColumn(new ColumnSchema("note", DataType.Json)));
        turn.ChangeShapes();
    }
}
