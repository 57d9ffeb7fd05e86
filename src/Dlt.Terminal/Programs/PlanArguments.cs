using System.Globalization;
using Dlt.Internal;

namespace Dlt;

/// <summary>
/// The arguments <c>--plan</c> and <c>--limit</c>: the program prints what its first run would do, and ends.
/// </summary>
internal sealed class PlanArguments
{
    private const string Plan = "--plan";
    private const string Limit = "--limit";

    private int _plans;
    private bool _isStopped;

    /// <summary>Asks the pipelines of this flow to plan, if the arguments say so.</summary>
    /// <param name="args">Arguments of the program, which are known ones.</param>
    /// <param name="known">Says which of them the program reads itself.</param>
    /// <returns>Receives the plans; null when the program runs.</returns>
    /// <exception cref="DltException">The limit is not a number of pages, or it is given without a plan.</exception>
    public static PlanArguments? Begin(string[] args, ProgramArguments known)
    {
        ProgramPlan.Asked = null;
        var limit = known.IsOwn(Limit) ? null : ArgumentValue.In(args, Limit);
        if (known.IsOwn(Plan) || !args.Contains(Plan))
        {
            if (limit is null) return null;
            throw new DltException(
                $"The argument '{Limit}' says how many pages a plan reads. Nothing was run. Add {Plan}, or leave it out.");
        }

        var pages = 1;
        if (limit is not null && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out pages) || pages < 1))
            throw new DltException($"'{limit}' is not a number of pages. Nothing was run. Give {Limit} a number from 1 on.");
        var arguments = new PlanArguments();
        ProgramPlan.Asked = new(pages, arguments.Show);
        return arguments;
    }

    /// <summary>The exit code of the program: that of a failed run when the run would stop, or when there was nothing to plan.</summary>
    public int ExitCode => _plans == 0 || _isStopped ? DltProgram.Failed : 0;

    /// <summary>What to say at the end; null when the plan says it all.</summary>
    public string? Remark => _plans == 0 ? "The program ran no pipeline, so there is no plan." : null;

    private void Show(RunPlan plan)
    {
        _plans++;
        _isStopped |= plan.Stop is not null;
        Console.Out.WriteLine(plan.ToString());
    }
}
