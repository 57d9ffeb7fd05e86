namespace Dlt;

/// <summary>
/// The argument <c>--wait</c>: the setting <c>pipelines.wait_for_lease</c> for this process. Pipelines read it when they are made, which
/// the program does itself.
/// </summary>
internal static class WaitArgument
{
    public const string Word = "--wait";

    private const string Variable = "PIPELINES__WAIT_FOR_LEASE";

    /// <summary>Sets the variable if the argument is given.</summary>
    public static void Apply(string[] args)
    {
        if (args.Contains(Word)) Environment.SetEnvironmentVariable(Variable, "true");
    }
}
