using System.CommandLine;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary><c>dlt pipeline NAME trace</c>: prints the steps of the last run.</summary>
internal static class TraceCommand
{
    public static Command Create(PipelineArguments arguments)
    {
        var package = new Option<string?>("--load-id")
        { Description = "The last run that worked on the package with this load id.", HelpName = "load id" };
        var settings = new Option<bool>("--settings") { Description = "Also show the settings that the run found, without secrets." };
        return arguments.Create("trace", "Show the steps of the last run.", [package, settings], (pipeline, parse, _) =>
        {
            var trace = Read(pipeline, parse.GetValue(package)) ?? throw new DltException(
                $"There is no trace of pipeline '{pipeline.Name}'. Nothing was shown. Its next run writes one, unless enable_runtime_trace "
                + "is off.");
            Console.Out.WriteLine(arguments.IsJson(parse) ? trace.ToJson() : trace.ToString(parse.GetValue(settings)));
            return Task.CompletedTask;
        });
    }

    private static PipelineTrace? Read(StoredPipeline pipeline, string? loadId) =>
        loadId is null ? pipeline.ReadTrace() : pipeline.ReadTrace(LoadPackageCommand.Find(pipeline, loadId));
}
