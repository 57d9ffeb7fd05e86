using System.CommandLine;
using Dlt.Cli.Init;
using Dlt.Cli.OpenApi;

namespace Dlt.Cli.Commands;

/// <summary>
/// <c>dlt init &lt;source&gt; &lt;destination&gt;</c>: writes a pipeline script and its settings into the current folder. With
/// <c>--openapi</c> the script loads the API of a document.
/// </summary>
internal static class InitCommand
{
    private static readonly string[] Sources = ["chess"];
    private static readonly string[] Destinations = ["athena"];

    public static Command Create()
    {
        var source = new Argument<string?>("source")
        {
            Description = $"What to load from: {string.Join(", ", Sources)}. With --openapi: a name for the source.",
            HelpName = "source",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var destination = new Argument<string?>("destination")
        {
            Description = $"Where to load to: {string.Join(", ", Destinations)}. With --openapi it may be left out.",
            HelpName = "destination",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var openApi = new Option<string?>("--openapi")
        {
            Description = "Path or address of an OpenAPI 3 document, JSON or YAML, whose API is the source.",
            HelpName = "FILE|URL",
        };
        source.CompletionSources.Add(Sources);
        destination.CompletionSources.Add(Destinations);
        var command = new Command("init", "Write a pipeline script and its settings into this folder; existing files are kept.")
        { source, destination, openApi };
        command.Validators.Add(result =>
        {
            if (result.GetResult(openApi) is not null) return;
            if (result.GetValue(source) is null) result.AddError("Required argument 'source' missing for command: 'init'.");
            else if (result.GetValue(destination) is null) result.AddError("Required argument 'destination' missing for command: 'init'.");
        });
        command.SetAction((parse, cancellationToken) => SharedOptions.RunAsync(parse, _ =>
        {
            var folder = Directory.GetCurrentDirectory();
            if (parse.GetValue(openApi) is not { } document)
            {
                Run(folder, parse.GetValue(source)!, parse.GetValue(destination)!, Console.Out);
                return Task.CompletedTask;
            }

            if (parse.GetValue(destination) is { } name && !Destinations.Contains(name)) throw Unknown("destination", name, Destinations);
            return OpenApiInit.RunAsync(folder, document, parse.GetValue(source), Console.Out, cancellationToken);
        }));
        return command;
    }

    internal static void Run(string folder, string source, string destination, TextWriter output)
    {
        if (!Sources.Contains(source)) throw Unknown("source", source, Sources);
        if (!Destinations.Contains(destination)) throw Unknown("destination", destination, Destinations);
        var script = $"{source}_pipeline.cs";
        InitFiles.Write(folder, script, Script(source), output);
        InitFiles.Write(folder, Path.Combine(".dlt", "config.toml"), InitFiles.Template("config.toml"), output);
        InitFiles.Write(folder, Path.Combine(".dlt", "secrets.toml"), InitFiles.Template("secrets.toml"), output);
        InitFiles.Write(folder, ".gitignore", InitFiles.Template("gitignore"), output);
        output.WriteLine($"""

            What to do next:
              dotnet run {script} -- --local        run it without an AWS account, into .dlt-local
              dlt query chess_players_games_data "SELECT count(*) AS games FROM players_games" --local
              edit {Path.Combine(".dlt", "secrets.toml")}, then dotnet run {script}      run it on AWS
            """);
    }

    /// <summary>The sample of the repository, with packages instead of projects.</summary>
    internal static string Script(string source)
    {
        var lines = InitFiles.Template($"{source}_pipeline.cs").Split('\n')
            .Where(line => !line.StartsWith("#:property ManagePackageVersionsCentrally", StringComparison.Ordinal));
        return string.Join('\n', lines.Select(Package));
    }

    private static DltException Unknown(string kind, string name, IEnumerable<string> known) =>
        new($"There is no {kind} '{name}'. Known are {string.Join(", ", known)}. Nothing was written.");

    private static string Package(string line) => line.StartsWith("#:project ", StringComparison.Ordinal)
        ? $"#:package {Path.GetFileNameWithoutExtension(line)}@*-*"
        : line;
}
