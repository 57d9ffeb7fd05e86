using System.CommandLine;
using Dlt.Cli.Loading;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary><c>dlt pipeline NAME drop</c>: drops tables and state of resources, after a preview.</summary>
internal static class DropCommand
{
    public static Command Create(PipelineArguments arguments)
    {
        var resources = new Argument<string[]>("resources")
        {
            Description = "Resources, or re:PATTERN for all whose name matches the regular expression.",
            Arity = ArgumentArity.ZeroOrMore,
            HelpName = "resources",
        };
        var all = new Option<bool>("--drop-all") { Description = "All resources of the schema." };
        var paths = new Option<string[]>("--state-paths")
        {
            Description = "Paths into the state of the source whose values are removed, such as last_page or $.archives[*].",
            AllowMultipleArgumentsPerToken = true,
            HelpName = "path",
        };
        var schema = new Option<string?>("--schema")
        { Description = "The schema; by default the default one of the pipeline.", HelpName = "name" };
        var stateOnly = new Option<bool>("--state-only") { Description = "Remove state only, and keep the tables." };
        var dataset = PipelineArguments.Dataset();
        Symbol[] symbols = [resources, all, paths, schema, stateOnly, dataset];
        return arguments.Create("drop", "Drop tables and state of resources, after a preview.", symbols, async (parse, stop) =>
        {
            var selection = new DropSelection
            {
                Resources = [.. parse.GetValue(resources) ?? []],
                DropAll = parse.GetValue(all),
                StatePaths = [.. parse.GetValue(paths) ?? []],
                SchemaName = parse.GetValue(schema),
                StateOnly = parse.GetValue(stateOnly),
            };
            if (selection is { Resources.IsEmpty: true, DropAll: false, StatePaths.IsEmpty: true })
                throw new DltException("Nothing is selected. Nothing was dropped. Name resources, --drop-all or --state-paths.");
            var isJson = arguments.IsJson(parse);
            var pipeline = arguments.Open(parse, parse.GetValue(dataset), new() { Configuration = DltConfiguration.Load() });
            var (preview, load) = await pipeline.DropAsync(selection, found =>
            {
                if (!isJson) Print(found, pipeline.DatasetName);
                return Confirmation.Ask("Drop this?", arguments.IsYes(parse));
            }, stop);
            if (isJson) OutputOption.Print(Json(preview, load));
            else if (preview.IsEmpty) PrintNothing(preview);
            else if (load is not null) Console.WriteLine($"Dropped.\n{load}");
        });
    }

    private static void Print(DropPreview preview, string dataset)
    {
        Console.WriteLine($"About to drop the following data in dataset {dataset} in destination:");
        Console.WriteLine($"Selected schema: {preview.SchemaName}");
        PrintList("Selected resource(s)", preview.Resources);
        PrintList("Table(s) to drop", preview.Tables);
        PrintList("Table(s) with data in destination", preview.TablesWithData);
        PrintList("Resource(s) state to reset", preview.ResourceStates);
        PrintList("Source state path(s) to reset", preview.StatePaths);
        foreach (var warning in preview.Warnings) Console.WriteLine($"Warning: {warning}");
    }

    /// <summary>Prints one name behind the title, and several in a line each.</summary>
    private static void PrintList(string title, IReadOnlyCollection<string> names)
    {
        Console.WriteLine($"{title}:{(names.Count == 0 ? " none" : names.Count == 1 ? $" {names.First()}" : "")}");
        if (names.Count < 2) return;
        foreach (var name in names) Console.WriteLine($"  {name}");
    }

    private static void PrintNothing(DropPreview preview)
    {
        foreach (var warning in preview.Warnings) Console.WriteLine($"Warning: {warning}");
        Console.WriteLine("There is nothing to drop.");
    }

    private static JsonValue Json(DropPreview preview, LoadInfo? load) => JsonValue.Object(
        ("dropped", JsonValue.Bool(load is not null)),
        ("schema", JsonValue.String(preview.SchemaName)),
        ("resources", OutputOption.Texts(preview.Resources)),
        ("tables", OutputOption.Texts(preview.Tables)),
        ("tables_with_data", OutputOption.Texts(preview.TablesWithData)),
        ("resource_states", OutputOption.Texts(preview.ResourceStates)),
        ("state_paths", OutputOption.Texts(preview.StatePaths)),
        ("warnings", OutputOption.Texts(preview.Warnings)),
        ("load", load is null ? JsonValue.Null : LoadInfoJson.Of(load)));
}
