using System.CommandLine;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary>
/// <c>dlt pipeline NAME sync</c>: replaces state and schemas by those of the destination. It is an error when the destination has none.
/// </summary>
internal static class SyncCommand
{
    public static Command Create(PipelineArguments arguments)
    {
        var dataset = PipelineArguments.Dataset();
        return arguments.Create("sync", "Replace state and schemas by those of the destination.", [dataset], async (parse, stop) =>
        {
            var pipeline = arguments.Open(parse, parse.GetValue(dataset), new() { Configuration = DltConfiguration.Load() });
            var isJson = arguments.IsJson(parse);
            var isConfirmed = !File.Exists(Path.Combine(pipeline.WorkingFolder, "state.json"))
                || Confirmation.Ask($"Replace state and schemas in {pipeline.WorkingFolder}?", arguments.IsYes(parse));
            if (isConfirmed && !await pipeline.SyncAsync(stop))
            {
                throw new DltException($"Dataset '{pipeline.DatasetName}' has no state of pipeline '{pipeline.Name}'. Nothing was changed. "
                    + "Check both names. A pipeline with restore_from_destination = false stores no state there.");
            }

            if (isJson)
            {
                OutputOption.Print(JsonValue.Object(
                    ("pipeline", JsonValue.String(pipeline.Name)),
                    ("dataset", JsonValue.String(pipeline.DatasetName)),
                    ("replaced", JsonValue.Bool(isConfirmed))));
            }
            else if (isConfirmed)
            {
                Console.WriteLine(
                    $"State and schemas of pipeline {pipeline.Name} were replaced by those of dataset {pipeline.DatasetName}.");
            }
        });
    }
}
