using System.Collections.Concurrent;
using Dlt.Destinations;
using Dlt.Tests.Support;

namespace Dlt.Tests.Terminal.Programs;

/// <summary>The argument <c>--wait</c> belongs to one program, not to the process.</summary>
public sealed class ProgramWaitTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly ConcurrentDictionary<string, bool> _waits = new(StringComparer.Ordinal);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Two_programs_in_one_process_do_not_share_it()
    {
        var patient = PipelineOf("patient");   // a pipeline that exists before its program begins
        var hurried = new TaskCompletionSource();
        var first = DltProgram.RunAsync(["--wait"], async _ =>
        {
            await hurried.Task;
            await RunAsync(patient);
        });
        var second = DltProgram.RunAsync([], async _ =>
        {
            await RunAsync(PipelineOf("hurried"));
            hurried.SetResult();
        });
        Assert.Equal((0, 0), (await first, await second));
        await RunAsync(PipelineOf("later"));
        Assert.Equal((true, false, false), (_waits["patient"], _waits["hurried"], _waits["later"]));
    }

    [Fact]
    public async Task A_pipeline_that_says_no_does_not_wait_and_an_argument_of_the_program_is_its_own()
    {
        Assert.Equal(0, await DltProgram.RunAsync(["--wait"], _ => RunAsync(PipelineOf("never", waits: false))));
        Assert.Equal(0, await DltProgram.RunAsync(["--wait"], _ => RunAsync(PipelineOf("own")), new ProgramOption("--wait", "Waits.")));
        Assert.Equal((false, false), (_waits["never"], _waits["own"]));
    }

    private Pipeline PipelineOf(string name, bool? waits = null)
    {
        var destination = new FakeDestination(() => new LeaseClient(asked => _waits[name] = asked));
        return Pipeline.Create(name, destination, "ds", new()
        {
            Configuration = Some.Configuration(_folder.Path),
            PipelinesFolder = _folder.File("runs"),
            WaitForLease = waits,
            Warn = _ => { },
        });
    }

    private static Task<LoadInfo> RunAsync(Pipeline pipeline) => pipeline.RunAsync(Some.Resource("items", """{"a":1}"""), Cancellation);

    private sealed class LeaseClient(Action<bool> note) : FakeClient, IRunLease
    {
        public Task<IHeldLease?> TakeLeaseAsync(LeaseHolder holder, bool waits, CancellationToken cancellationToken)
        {
            note(waits);
            return Task.FromResult<IHeldLease?>(null);
        }
    }
}
