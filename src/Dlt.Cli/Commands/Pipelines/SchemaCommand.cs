using System.CommandLine;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary><c>dlt pipeline NAME schema</c>: prints a stored schema.</summary>
internal static class SchemaCommand
{
    public static Command Create(PipelineArguments arguments)
    {
        var name = new Argument<string?>("schema")
        { Description = "The schema; by default the default one of the pipeline.", Arity = ArgumentArity.ZeroOrOne, HelpName = "schema" };
        var format = new Option<string>("--format") { Description = "yaml or json.", DefaultValueFactory = _ => "yaml" };
        format.AcceptOnlyFromAmong("yaml", "json");
        return arguments.Create("schema", "Print a schema.", [name, format], (pipeline, parse, _) =>
        {
            var schema = Find(pipeline, parse.GetValue(name));
            var isJson = parse.GetValue(format) == "json" || arguments.IsJson(parse);
            Console.Out.WriteLine(isJson ? schema.ToJson() : schema.ToYaml().TrimEnd('\n'));
            return Task.CompletedTask;
        });
    }

    private static StoredSchema Find(StoredPipeline pipeline, string? name)
    {
        var schemas = pipeline.ReadSchemas();
        name ??= pipeline.ReadState()?["default_schema_name"] is { Kind: JsonKind.String } known ? known.AsString() : null;
        return schemas.FirstOrDefault(s => name is null || s.Schema.Name == name) ?? throw new DltException(schemas.Count == 0
            ? $"Pipeline '{pipeline.Name}' has no schema yet. Nothing was printed. Its first run creates one."
            : $"Pipeline '{pipeline.Name}' has no schema '{name}'. Nothing was printed. It has "
                + $"{string.Join(", ", schemas.Select(s => s.Schema.Name))}.");
    }
}
