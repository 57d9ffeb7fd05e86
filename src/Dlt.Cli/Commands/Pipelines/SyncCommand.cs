using System.CommandLine;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary><c>dlt pipeline NAME sync</c>: replaces state and schemas by those of the destination.</summary>
internal static class SyncCommand
{
    public static Command Create(PipelineArguments arguments)
    {
        var dataset = new Option<string?>("--dataset")
        { Description = "The dataset of the pipeline, if this machine has no working folder for it." };
        return arguments.Create("sync", "Replace state and schemas by those of the destination.", [dataset], async (parse, stop) =>
        {
            var configuration = DltConfiguration.Load();
            var pipeline = Open(arguments, parse, parse.GetValue(dataset), new() { Configuration = configuration });
            Console.WriteLine(await pipeline.SyncAsync(stop)
                ? $"State and schemas of pipeline {pipeline.Name} were replaced by those of dataset {pipeline.DatasetName}."
                : $"Dataset {pipeline.DatasetName} has no state of pipeline {pipeline.Name}. Nothing was changed.");
        });
    }

    private static Pipeline Open(
        PipelineArguments arguments, ParseResult parse, string? dataset, PipelineOptions options)
    {
        Destination Of(StoredPipeline? known) => arguments.DestinationOf(parse, options.Configuration!, known);
        if (dataset is null)
        {
            var stored = arguments.Find(parse);
            return stored.Open(Of(stored), options);
        }

        var folder = arguments.WorkspaceOf(parse).Folder;
        var destination = Of(null);
        return Pipeline.Create(parse.GetValue(arguments.Name)!, destination, dataset, options with { PipelinesFolder = folder });
    }
}
