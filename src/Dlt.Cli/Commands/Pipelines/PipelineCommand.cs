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
                PipelineInfo.Print(pipeline, arguments.PlaceOf(parse), Console.Out);
                return Task.CompletedTask;
            }),
            TraceCommand.Create(arguments),
            SchemaCommand.Create(arguments),
            LoadPackageCommand.Create(arguments),
            FailedJobsCommand.Create(arguments),
            RetryCommand.Create(arguments),
            SyncCommand.Create(arguments),
            AbortPackagesCommand.Create(arguments),
        };
        foreach (var option in arguments.Options) command.Options.Add(option);
        command.SetAction((parse, _) => SharedOptions.RunAsync(parse, _ =>
        {
            if (parse.GetValue(arguments.Name) is null) PipelineList.Print(arguments.WorkspaceOf(parse), Console.Out);
            else PipelineInfo.Print(arguments.Find(parse), arguments.PlaceOf(parse), Console.Out);
            return Task.CompletedTask;
        }));
        return command;
    }
}
