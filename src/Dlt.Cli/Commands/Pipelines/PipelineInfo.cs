using Dlt.Internal;
using Dlt.Schemas;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary><c>dlt pipeline NAME info</c>: prints state, schemas and packages.</summary>
internal static class PipelineInfo
{
    public static void Print(StoredPipeline pipeline, TextWriter output)
    {
        var state = pipeline.ReadState() ?? JsonValue.EmptyObject;
        output.WriteLine($"Found pipeline {pipeline.Name} in {Path.GetDirectoryName(pipeline.Folder)}");
        output.WriteLine("Synchronized state:");
        foreach (var (key, value) in state.Members)
            if (key is not ("_local" or "sources"))
                output.WriteLine($"{key}: {(value.Kind == JsonKind.String ? value.AsString() : value)}");
        if (state["sources"] is { Kind: JsonKind.Object } sources)
            foreach (var (source, content) in sources.Members) output.WriteLine($"sources.{source}: {content}");
        output.WriteLine();
        foreach (var stored in pipeline.ReadSchemas()) PrintSchema(stored.Schema, state, output);
        output.WriteLine("Working dir content:");
        var packages = pipeline.Packages();
        PrintPackages("extracted", packages.Where(p => p.State == StoredPackageState.Extracted), output);
        PrintPackages("normalized", packages.Where(p => p.State == StoredPackageState.Normalized), output);
        PrintPackages("completed", packages.Where(p => !p.IsPending), output);
        if (pipeline.ReadTrace() is { } trace)
            output.WriteLine($"The last run {(trace.HasFailed ? "FAILED" : "COMPLETED")}: dlt pipeline {ShellWord.Quote(pipeline.Name)} "
                + "trace shows its steps.");
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
