using System.ComponentModel;

namespace Dlt.Internal;

/// <summary>
/// The argument <c>--plan</c> of a program, for the pipelines that run in its asynchronous flow. Two programs in one process do not share
/// it.
/// </summary>
/// <param name="Limit">Largest number of pages of each resource that a plan reads.</param>
/// <param name="Show">Receives each plan.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ProgramPlan(int Limit, Action<RunPlan> Show)
{
    private static readonly AsyncLocal<ProgramPlan?> Current = new();

    /// <summary>What pipelines of this flow do instead of running; null when they run.</summary>
    public static ProgramPlan? Asked
    {
        get => Current.Value;
        set => Current.Value = value;
    }

    /// <summary>Refuses a call that a plan cannot stand for.</summary>
    /// <param name="call">Name of the method.</param>
    /// <exception cref="DltException">The program is to plan. Nothing was done.</exception>
    internal static void Refuse(string call)
    {
        if (Asked is null) return;
        throw new DltException($"The program calls {call} of a pipeline, and --plan stands for RunAsync only. Nothing was run. Run it "
            + "without --plan, or plan in the program with Pipeline.PlanAsync.");
    }
}

/// <summary>
/// Ends a program after its plan: what it does after a run would find no rows. It is a cancellation, so that a program does not take it for
/// an error of the run.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed class ProgramPlannedException : OperationCanceledException
{
    internal ProgramPlannedException() : base("The run was planned and not made (--plan), and the program ends here.")
    {
    }
}
