using System.CommandLine;
using System.Reflection;

namespace Dlt.Cli.Commands;

/// <summary>
/// <c>dlt init &lt;source&gt; &lt;destination&gt;</c>: writes a pipeline script and its settings into the current folder.
/// </summary>
internal static class InitCommand
{
    private static readonly string[] Sources = ["chess"];
    private static readonly string[] Destinations = ["athena"];

    public static Command Create()
    {
        var source = new Argument<string>("source")
        { Description = $"What to load from: {string.Join(", ", Sources)}.", HelpName = "source" };
        var destination = new Argument<string>("destination")
        { Description = $"Where to load to: {string.Join(", ", Destinations)}.", HelpName = "destination" };
        source.CompletionSources.Add(Sources);
        destination.CompletionSources.Add(Destinations);
        var command = new Command("init", "Write a pipeline script and its settings into this folder; existing files are kept.")
        { source, destination };
        command.SetAction((parse, cancellationToken) => SharedOptions.RunAsync(parse, _ =>
        {
            Run(Directory.GetCurrentDirectory(), parse.GetValue(source)!, parse.GetValue(destination)!, Console.Out);
            return Task.CompletedTask;
        }));
        return command;
    }

    internal static void Run(string folder, string source, string destination, TextWriter output)
    {
        if (!Sources.Contains(source)) throw Unknown("source", source, Sources);
        if (!Destinations.Contains(destination)) throw Unknown("destination", destination, Destinations);
        var script = $"{source}_pipeline.cs";
        Write(folder, script, Script(source), output);
        Write(folder, Path.Combine(".dlt", "config.toml"), Template("config.toml"), output);
        Write(folder, Path.Combine(".dlt", "secrets.toml"), Template("secrets.toml"), output);
        Write(folder, ".gitignore", Template("gitignore"), output);
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
        var lines = Template($"{source}_pipeline.cs").Split('\n')
            .Where(line => !line.StartsWith("#:property ManagePackageVersionsCentrally", StringComparison.Ordinal));
        return string.Join('\n', lines.Select(Package));
    }

    private static DltException Unknown(string kind, string name, IEnumerable<string> known) =>
        new($"There is no {kind} '{name}'. Known are {string.Join(", ", known)}. Nothing was written.");

    private static string Package(string line) => line.StartsWith("#:project ", StringComparison.Ordinal)
        ? $"#:package {Path.GetFileNameWithoutExtension(line)}@*-*"
        : line;

    private static string Template(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("templates/" + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static void Write(string folder, string name, string content, TextWriter output)
    {
        var path = Path.Combine(folder, name);
        if (File.Exists(path))
        {
            output.WriteLine($"kept    {name}");
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        output.WriteLine($"wrote   {name}");
    }
}
