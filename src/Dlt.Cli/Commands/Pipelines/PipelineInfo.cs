using Dlt.Internal;
using Dlt.Schemas;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary><c>dlt pipeline NAME info</c>: prints state, schemas and packages.</summary>
internal static class PipelineInfo
{
    /// <summary>Begins a time among the texts of a state.</summary>
    private const char TimeMark = '\uF027';

    /// <summary>Prints what the working folder of a pipeline has.</summary>
    /// <param name="pipeline">The pipeline.</param>
    /// <param name="place">Options that name the place of the working folders, for the command in the last line.</param>
    /// <param name="output">Receives the lines.</param>
    public static void Print(StoredPipeline pipeline, string place, TextWriter output)
    {
        var state = pipeline.ReadState() ?? JsonValue.EmptyObject;
        output.WriteLine($"Found pipeline {pipeline.Name} in {Path.GetDirectoryName(pipeline.Folder)}");
        PrintState(state, output);
        if (state["_local"] is { Kind: JsonKind.Object } local) PrintLocal(local, output);
        output.WriteLine();
        foreach (var stored in pipeline.ReadSchemas()) PrintSchema(stored.Schema, state, output);
        output.WriteLine("Working dir content:");
        var packages = pipeline.Packages();
        PrintPackages("extracted", packages.Where(p => p.State == StoredPackageState.Extracted), output);
        PrintPackages("normalized", packages.Where(p => p.State == StoredPackageState.Normalized), output);
        foreach (var partial in packages.Select(p => LoadPackageCommand.PartialLoad(pipeline, p, place)).OfType<string>())
            output.WriteLine(partial);
        PrintPackages("completed", packages.Where(p => !p.IsPending && p.State != StoredPackageState.SetAside), output);
        PrintPackages("set aside", packages.Where(p => p.State == StoredPackageState.SetAside), output);
        if (packages.Count == 0) output.WriteLine("Has no load packages");
        if (pipeline.ReadTrace() is { } trace)
        {
            output.WriteLine($"The last run that ended has {(trace.HasFailed ? "FAILED" : "COMPLETED")}. Its steps are shown by: "
                + $"dlt pipeline {ShellWord.Quote(pipeline.Name)} trace{place}");
        }
    }

    private static void PrintState(JsonValue state, TextWriter output)
    {
        if (state.Members.Count == 0)
        {
            output.WriteLine("There is no state yet: no run of the pipeline has extracted its data.");
            return;
        }

        output.WriteLine("Synchronized state:");
        foreach (var (key, value) in state.Members)
            if (key is not ("_local" or "sources"))
                output.WriteLine($"{key}: {(value.Kind == JsonKind.String ? value.AsString() : value)}");
        if (state["sources"] is not { Kind: JsonKind.Object } sources) return;
        foreach (var (source, content) in sources.Members) output.WriteLine($"sources.{source}: {content}");
    }

    /// <summary>Prints the part of the state that belongs to this machine. The context of the last run is shown as its URI.</summary>
    private static void PrintLocal(JsonValue local, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("Local state:");
        foreach (var (key, value) in local.Members)
        {
            var shown = value.Kind == JsonKind.Object ? value["uri"] ?? value : value;
            output.WriteLine($"{key}: {(shown.Kind == JsonKind.String ? shown.AsString().TrimStart(TimeMark) : shown)}");
        }
    }

    private static void PrintSchema(Schema schema, JsonValue state, TextWriter output)
    {
        output.WriteLine($"Resources in schema: {schema.Name} (version {schema.Version}, {schema.VersionHash})");
        foreach (var resource in schema.DataTables.Where(t => t.Parent is null).GroupBy(t => t.Resource ?? t.Name))
        {
            var tables = resource.SelectMany(schema.ChainOf).ToList();
            var slots = state["sources"]?[schema.Name]?["resources"]?[resource.Key]?.Members.Count ?? 0;
            output.WriteLine($"{resource.Key} with {tables.Count} table(s) and {slots} resource state slot(s)");
            foreach (var table in tables)
                output.WriteLine($"\t{table.Name}: {table.Columns.Length} column(s){(table.HasSeenData ? ", received data" : "")}");
        }

        output.WriteLine();
    }

    private static void PrintPackages(string kind, IEnumerable<StoredPackage> packages, TextWriter output)
    {
        var all = packages.ToList();
        if (all.Count > 0) output.WriteLine($"Has {all.Count} {kind} load package(s) with following load ids:");
        foreach (var package in all) output.WriteLine(package.LoadId);
    }
}
