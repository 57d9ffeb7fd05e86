using System.CommandLine;
using Dlt.Configuration;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Cli.Commands;

/// <summary><c>dlt pipeline &lt;name&gt; info</c> and <c>abort-packages</c>: what a working folder holds.</summary>
internal static class PipelineCommand
{
    public static Command Create()
    {
        var name = new Argument<string?>("name")
        { Description = "The pipeline; without it, all are listed.", Arity = ArgumentArity.ZeroOrOne, HelpName = "name" };
        name.CompletionSources.Add(context => PipelineList.Names(FolderOf(context.ParseResult)));
        var local = SharedOptions.Local();
        var info = new Command("info", "Show state, schemas and packages.") { local };
        info.SetAction((parse, cancellationToken) => SharedOptions.RunAsync(parse, _ =>
        {
            Info(FolderOf(parse, local), parse.GetValue(name)!, Console.Out);
            return Task.CompletedTask;
        }));
        var localList = SharedOptions.Local();
        var command = new Command("pipeline", "List the pipelines, or look at one (info).")
        { name, localList, info, AbortPackagesCommand.Create(name) };
        command.SetAction((parse, cancellationToken) => SharedOptions.RunAsync(parse, _ =>
        {
            if (parse.GetValue(name) is { } one) Info(FolderOf(parse, localList), one, Console.Out);
            else PipelineList.Print(FolderOf(parse, localList), Console.Out);
            return Task.CompletedTask;
        }));
        foreach (var one in command.Subcommands)
        {
            one.Validators.Add(result =>
            {
                if (result.GetValue(name) is null) result.AddError($"Name the pipeline: dlt pipeline <name> {one.Name}. 'dlt "
                    + "pipeline' lists all.");
            });
        }

        return command;
    }

    private static string FolderOf(ParseResult parse, Option<bool> local)
    {
        var configuration = DltConfiguration.Load();
        return parse.GetValue(local) ? SharedOptions.ExistingLocal(configuration).PipelinesFolder : configuration.Context.PipelinesFolder;
    }

    /// <summary>For completions: an account that is not there has no pipelines, and that is no error.</summary>
    private static string FolderOf(ParseResult parse)
    {
        var configuration = DltConfiguration.Load();
        return parse.Tokens.Any(t => t.Value == "--local")
            ? LocalAthena.Open(configuration).PipelinesFolder
            : configuration.Context.PipelinesFolder;
    }

    internal static void Info(string pipelinesFolder, string name, TextWriter output)
    {
        FileNameComponent.Check(name, "pipeline name");
        var folder = new WorkingFolder(Path.Combine(pipelinesFolder, name));
        if (folder.LoadState() is not { } state)
        {
            var known = PipelineList.Names(pipelinesFolder);
            throw new DltException($"There is no pipeline '{name}' in {pipelinesFolder}. "
                + $"{(known.Count == 0 ? "There is none at all." : $"Known are {string.Join(", ", known)}.")} A pipeline on AWS is "
                + "restored by its next run.");
        }

        output.WriteLine($"Found pipeline {name} in {pipelinesFolder}");
        output.WriteLine("Synchronized state:");
        foreach (var (key, value) in state.Members)
            if (key is not ("_local" or "sources"))
                output.WriteLine($"{key}: {(value.Kind == JsonKind.String ? value.AsString() : value)}");
        if (state["sources"] is { Kind: JsonKind.Object } sources)
            foreach (var (source, content) in sources.Members) output.WriteLine($"sources.{source}: {content}");
        output.WriteLine();
        foreach (var schemaName in folder.SchemaNames()) Schema(folder.LoadSchema(schemaName, null)!, state, output);
        output.WriteLine("Working dir content:");
        Packages("extracted", folder.Extracted, output);
        Packages("normalized", folder.Normalized, output);
        Packages("completed", folder.Loaded, output);
    }

    private static void Schema(Schema schema, JsonValue state, TextWriter output)
    {
        output.WriteLine($"Resources in schema: {schema.Name} (version {schema.Version}, {schema.VersionHash})");
        foreach (var resource in schema.DataTables.Where(t => t.Parent is null).GroupBy(t => t.Resource ?? t.Name))
        {
            var tables = resource.SelectMany(schema.ChainOf).ToList();
            var slots = state["sources"]?[schema.Name]?["resources"]?[resource.Key]?.Members.Count ?? 0;
            output.WriteLine($"{resource.Key} with {tables.Count} table(s) and {slots} resource state slot(s)");
            foreach (var table in tables) output.WriteLine($"\t{table.Name}: {table.Columns.Length} "
                + $"column(s){(table.HasSeenData ? ", received data" : "")}");
        }

        output.WriteLine();
    }

    private static void Packages(string kind, string place, TextWriter output)
    {
        var packages = WorkingFolder.Packages(place);
        if (packages.Count > 0) output.WriteLine($"Has {packages.Count} {kind} load package(s) with following load ids:");
        foreach (var package in packages) output.WriteLine(package.LoadId);
    }
}
