using System.CommandLine;
using Dlt.Internal;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary>
/// <c>dlt pipeline NAME sync</c>: replaces state and schemas by those of the destination. It is an error when the destination has none.
/// </summary>
internal static class SyncCommand
{
    public static Command Create(PipelineArguments arguments)
    {
        var dataset = new Option<string?>("--dataset")
        { Description = "The dataset of the pipeline, if this machine has no working folder for it." };
        return arguments.Create("sync", "Replace state and schemas by those of the destination.", [dataset], async (parse, stop) =>
        {
            var configuration = DltConfiguration.Load();
            var destination = arguments.DestinationOf(parse, configuration);
            var pipeline = Open(arguments, parse, parse.GetValue(dataset), destination, new() { Configuration = configuration });
            if (!await pipeline.SyncAsync(stop))
            {
                throw new DltException($"Dataset '{pipeline.DatasetName}' has no state of pipeline '{pipeline.Name}'. Nothing was changed. "
                    + "Check both names. A pipeline with restore_from_destination = false stores no state there.");
            }

            Console.WriteLine(
                $"State and schemas of pipeline {pipeline.Name} were replaced by those of dataset {pipeline.DatasetName}.");
        });
    }

    private static Pipeline Open(
        PipelineArguments arguments, ParseResult parse, string? dataset, Destination destination, PipelineOptions options)
    {
        if (dataset is null)
        {
            var stored = arguments.Find(parse);
            if (stored.ReadDatasetName() is not null) return stored.Open(destination, options);
            throw new DltException($"The dataset of pipeline '{stored.Name}' is not known: {stored.Folder} has no state. Nothing was "
                + $"changed. Name it: dlt pipeline {ShellWord.Quote(stored.Name)} sync --dataset DATASET{arguments.PlaceOf(parse)}");
        }

        var folder = arguments.WorkspaceOf(parse).Folder;
        return Pipeline.Create(parse.GetValue(arguments.Name)!, destination, dataset, options with { PipelinesFolder = folder });
    }
}
