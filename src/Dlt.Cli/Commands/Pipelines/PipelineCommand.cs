using System.CommandLine;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary><c>dlt pipeline</c>: shows the content of working folders and repairs them.</summary>
internal static class PipelineCommand
{
    public static Command Create()
    {
        var arguments = new PipelineArguments();
        var command = new Command("pipeline", "List the pipelines, or show one (info).")
        {
            arguments.Name,
            arguments.Create("info", "Show state, schemas and packages.", [], (pipeline, parse, _) =>
            {
                PrintInfo(arguments, pipeline, parse);
                return Task.CompletedTask;
            }),
            TraceCommand.Create(arguments),
            SchemaCommand.Create(arguments),
            LoadPackageCommand.Create(arguments),
            FailedJobsCommand.Create(arguments),
            RetryCommand.Create(arguments),
            SyncCommand.Create(arguments),
            DropCommand.Create(arguments),
            AbortPackagesCommand.Create(arguments),
        };
        var list = new Option<bool>("--list-pipelines", "-l") { Description = "List the pipelines." };
        command.Options.Add(list);
        foreach (var option in arguments.Options) command.Options.Add(option);
        command.SetAction((parse, _) => SharedOptions.RunAsync(parse, _ =>
        {
            if (parse.GetValue(arguments.Name) is null || parse.GetValue(list)) PrintList(arguments, parse);
            else PrintInfo(arguments, arguments.Find(parse), parse);
            return Task.CompletedTask;
        }));
        return command;
    }

    private static void PrintList(PipelineArguments arguments, ParseResult parse)
    {
        var workspace = arguments.WorkspaceOf(parse);
        if (arguments.IsJson(parse)) OutputOption.Print(PipelineJson.List(workspace));
        else PipelineList.Print(workspace, Console.Out);
    }

    private static void PrintInfo(PipelineArguments arguments, StoredPipeline pipeline, ParseResult parse)
    {
        if (arguments.IsJson(parse)) OutputOption.Print(PipelineJson.Info(pipeline));
        else PipelineInfo.Print(pipeline, arguments.PlaceOf(parse), Console.Out);
    }
}
