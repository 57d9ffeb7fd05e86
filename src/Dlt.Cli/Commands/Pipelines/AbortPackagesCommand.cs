using System.CommandLine;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary>
/// <c>dlt pipeline NAME abort-packages</c>, formerly <c>drop-pending-packages</c>: gives up what is not loaded yet.
/// </summary>
internal static class AbortPackagesCommand
{
    public static Command Create(PipelineArguments arguments)
    {
        var command = arguments.Create(
            "abort-packages", "Give up the packages that are not loaded yet; state and schemas become what they were before.", [],
            (pipeline, _, _) =>
            {
                var aborted = pipeline.AbortPackages();
                if (aborted.Count == 0) Console.WriteLine("No pending packages found");
                foreach (var loadId in aborted)
                    Console.WriteLine($"Aborted package {loadId}. Files of it that were uploaded already stay at the destination.");
                return Task.CompletedTask;
            });
        command.Aliases.Add("drop-pending-packages");
        return command;
    }
}
