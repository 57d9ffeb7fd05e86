using System.CommandLine;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary>
/// <c>dlt pipeline NAME abort-packages</c>, formerly <c>drop-pending-packages</c>: gives up packages that are not loaded yet.
/// </summary>
internal static class AbortPackagesCommand
{
    private const string Left = "Files of it that are already uploaded stay at the destination; those that were staged for Iceberg tables "
        + "take space for 30 days, then a load into the dataset removes them.";

    public static Command Create(PipelineArguments arguments)
    {
        var command = arguments.Create(
            "abort-packages", "Give up the packages that are not loaded yet, and restore state and schemas from before them.", [],
            (pipeline, _, _) =>
            {
                var aborted = pipeline.AbortPackages();
                if (aborted.Count == 0) Console.WriteLine("No pending packages found");
                foreach (var loadId in aborted) Console.WriteLine($"Aborted package {loadId}. {Left}");
                return Task.CompletedTask;
            });
        command.Aliases.Add("drop-pending-packages");
        return command;
    }
}
