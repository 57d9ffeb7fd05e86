using System.CommandLine;

namespace Dlt.Cli.Commands.Running;

/// <summary>The exit code of a command that plans: that of a failed run when a run would stop.</summary>
internal sealed class PlanExit
{
    private bool _isStopped;

    /// <summary>Notes whether the run of a plan would stop.</summary>
    public void Note(RunPlan plan) => _isStopped |= plan.Stop is not null;

    /// <summary>Runs the body of a command, and returns its exit code.</summary>
    public static async Task<int> RunAsync(ParseResult parse, Func<PlanExit, CancellationToken, Task> body, params string[] arguments)
    {
        var exit = new PlanExit();
        var code = await SharedOptions.RunAsync(parse, stop => body(exit, stop), arguments);
        return code == 0 && exit._isStopped ? DltProgram.Failed : code;
    }
}
