using Dlt.Load;
using Dlt.Retries;
using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Load;

/// <summary>A run retries failed calls of its destination, or ends with an error (T-80).</summary>
public sealed class LoadRetryTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly List<FakeClient> _clients = [];

    public void Dispose() => _folder.Dispose();

    [Theory, Scenario("T-80")]
    [InlineData("restore")]
    [InlineData("load ids")]
    [InlineData("is loaded")]
    [InlineData("prepare")]
    [InlineData("stage")]
    [InlineData("publish")]
    [InlineData("commit")]
    [InlineData("settle")]
    public async Task Every_call_that_is_throttled_is_tried_again(string call)
    {
        await RunAsync(FailsOnce(call, () => new DltException("SlowDown") { IsTransient = true }));
        await RunAsync(FailsOnce(call, () => new TaskCanceledException("A task was canceled.", new TimeoutException())));
        await RunAsync(FailsOnce(call, () => new Amazon.Runtime.AmazonClientException("No answer from the metadata service.")));
    }

    [Theory, Scenario("T-80")]
    [InlineData("prepare")]
    [InlineData("stage")]
    [InlineData("publish")]
    [InlineData("commit")]
    public async Task A_failure_that_lasts_ends_with_an_error_of_the_load_whose_package_stays_pending(string call)
    {
        var calls = 0;
        var error = await Assert.ThrowsAsync<LoadException>(() =>
            RunAsync(Fails(call, () => throw Counted(new DltException("SlowDown") { IsTransient = true }, ref calls))));
        Assert.Equal(5, calls);
        Assert.True(error.IsTransient);
        Assert.Contains("SlowDown", error.Message, StringComparison.Ordinal);
        Assert.Contains("stays pending", error.Message, StringComparison.Ordinal);
        await RunAsync(_ => { });
    }

    [Fact]
    public async Task Many_retries_end_with_the_error_itself()
    {
        var error = await Assert.ThrowsAsync<LoadException>(() => RunAsync(
            Fails("stage", () => throw new DltException("SlowDown") { IsTransient = true }), ("LOAD__RAISE_ON_MAX_RETRIES", "40")));
        Assert.Contains("after 40 attempt(s)", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("restore")]
    [InlineData("prepare")]
    [InlineData("stage")]
    public async Task A_service_that_was_never_reached_is_not_asked_again_by_the_step(string call)
    {
        var calls = 0;
        await Assert.ThrowsAnyAsync<DltException>(() =>
            RunAsync(Fails(call, () => throw Counted(new FirstCallException("wrong address", null) { IsTransient = true }, ref calls))));
        Assert.Equal(1, calls);
    }

    [Fact, Scenario("T-80")]
    public async Task A_terminal_failure_is_thrown_unchanged_without_a_retry()
    {
        var calls = 0;
        await Assert.ThrowsAsync<Dlt.SchemaException>(() =>
            RunAsync(Fails("prepare", () => throw Counted(new Dlt.SchemaException("no"), ref calls))));
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task Clients_are_closed_when_the_folder_is_in_use_and_when_a_run_cannot_begin()
    {
        await using (await Pipeline(_ =>
            { }).BeginAsync(TestContext.Current.CancellationToken)) await Assert.ThrowsAsync<DltException>(() => RunAsync(_ => { }));
        await Assert.ThrowsAsync<DltException>(() => RunAsync(Fails("restore", () => throw new DltException("no answer"))));
        Assert.Equal([1, 1, 1], _clients.Select(c => c.Disposed));
    }

    [Fact]
    public async Task A_client_that_fails_to_close_leaves_the_folder_free()
    {
        await Assert.ThrowsAsync<DltException>(() => RunAsync(Fails("dispose", () => throw new DltException("cannot close"))));
        await RunAsync(_ => { });
    }

    private static Exception Counted(Exception error, ref int calls)
    {
        calls++;
        return error;
    }

    private static Action<string> Fails(string call, Action failure) => name =>
    {
        if (name == call) failure();
    };

    private static Action<string> FailsOnce(string call, Func<Exception> failure)
    {
        var calls = 0;
        return Fails(call, () =>
        {
            if (++calls == 1) throw failure();
        });
    }

    private Task RunAsync(Action<string> on, params (string, string)[] settings) =>
        Pipeline(on, [("LOAD__WORKERS", "1"), .. settings]).RunAsync(Some.Resource("items", """{"id":1}"""),
            TestContext.Current.CancellationToken);

    private Pipeline Pipeline(Action<string> on, params (string, string)[] settings)
    {
        FakeClient Open()
        {
            var client = new FakeClient { On = on };
            _clients.Add(client);
            return client;
        }

        return Dlt.Pipeline.Create("pipe", new FakeDestination(Open), "ds", new()
        {
            Configuration = Some.Configuration(_folder.Path, settings),
            PipelinesFolder = _folder.File("p"),
            Warn = _ =>
                { },
            Time = new NoWaits(),
        });
    }
}
