using System.CommandLine;

namespace Dlt.Cli.Commands.Running;

/// <summary><c>dlt plan FILE</c>: prints what <c>dlt run FILE</c> would do, and does nothing of it.</summary>
internal static class PlanCommand
{
    public static Command Create()
    {
        var arguments = new RunArguments("Pages of each resource that are read; 1 by default.");
        var command = new Command("plan", "Print what a run of a file would do, from its first pages, and change nothing.")
        { arguments.File };
        foreach (var option in arguments.Options) command.Options.Add(option);
        command.SetAction((parse, _) => PlanExit.RunAsync(parse, async (exit, stop) =>
        {
            var (pipeline, file) = arguments.Open(parse, new());
            for (var i = 0; i < file.Sources.Length; i++)
            {
                var plan = await pipeline.PlanAsync(file.Sources[i], arguments.PagesOf(parse) ?? 1, stop);
                if (RunArguments.StreamOf(file, i) is { Length: > 0 } stream) Console.WriteLine(stream);
                Console.WriteLine(plan.ToString());
                exit.Note(plan);
            }
        }, arguments.IntervalOf(parse)));
        return command;
    }
}
