using System.CommandLine;
using Dlt.Cli.Help;

namespace Dlt.Cli.Commands.Running;

/// <summary><c>dlt source check FILE</c>: reads one page of each resource, and prints the tables that would come.</summary>
internal static class SourceCommand
{
    public static Command Create() => new("source", "Try sources that a file describes.") { Check() };

    private static Command Check()
    {
        var file = new Argument<string>("file") { Description = "The pipeline as YAML or JSON, or a description of a REST API alone." };
        var limit = TypedOption.Number("--limit", "Pages of each resource that are read; 1 by default.", min: 1, max: int.MaxValue);
        limit.HelpName = "pages";
        var command = new Command("check", "Read one page of each resource and print the tables that would come; nothing is loaded.")
        { file, limit };
        command.SetAction((parse, _) => PlanExit.RunAsync(parse, async (exit, stop) =>
        {
            var configuration = DltConfiguration.Load();
            var described = PipelineFile.Read(parse.GetValue(file)!, configuration);
            foreach (var source in described.Sources)
            {
                var pages = (int?)parse.GetValue(limit) ?? 1;
                var plan = await SourceCheck.PlanAsync(described.PipelineName, source, pages, configuration, stop);
                Console.WriteLine(SourceCheck.TextOf(source, plan));
                exit.Note(plan);
            }
        }));
        return command;
    }
}
