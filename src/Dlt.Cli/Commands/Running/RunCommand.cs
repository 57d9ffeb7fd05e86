using System.CommandLine;
using Dlt.Cli.Loading;

namespace Dlt.Cli.Commands.Running;

/// <summary><c>dlt run FILE</c>: runs a pipeline that is described by a file, one stream after the other.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var arguments = new RunArguments("Load at most this many pages of each resource.");
        var schema = new Option<bool>("--schema") { Description = "Print the JSON schema of the file, for editors, and run nothing." };
        var (output, quiet, wait) = (OutputOption.Create(), SharedOptions.Quiet(), SharedOptions.Wait());
        output.Description = "How the load info is printed: text, or json (one object a line for each stream).";
        var command = new Command("run", "Run a pipeline that a file describes, without code.") { arguments.File };
        foreach (var option in arguments.Options.Concat([output, quiet, wait, schema])) command.Options.Add(option);
        command.SetAction((parse, _) => SharedOptions.RunAsync(parse, async stop =>
        {
            if (parse.GetValue(schema))
            {
                OutputOption.Print(PipelineFile.JsonSchema);
                return;
            }

            var (pipeline, file) = arguments.Open(parse, new()
            {
                WaitForLease = parse.GetValue(wait) ? true : null,
                Progress = TerminalProgress.From(parse.GetValue(quiet) ? ["--quiet"] : []),
            });
            for (var i = 0; i < file.Sources.Length; i++)
            {
                var info = await RunStreamAsync(pipeline, file, i, arguments.PagesOf(parse), stop);
                var isJson = OutputOption.IsJson(parse, output);
                if (!isJson && RunArguments.StreamOf(file, i) is { Length: > 0 } stream) Console.WriteLine(stream);
                Console.WriteLine(isJson ? LoadInfoJson.Write(info) : info.ToString());
            }
        }, arguments.IntervalOf(parse)));
        return command;
    }

    /// <summary>Loads a stream. The error of a later one says which streams are loaded.</summary>
    private static async Task<LoadInfo> RunStreamAsync(
        Pipeline pipeline, PipelineFile file, int stream, int? pages, CancellationToken stop)
    {
        try
        {
            return await pipeline.RunAsync(Limited(file.Sources[stream], pages), stop);
        }
        catch (DltException error) when (file.Sources.Length > 1)
        {
            var names = string.Join(", ", file.Sources.Take(stream).Select(s => s.Name));
            var loaded = stream == 0 ? "No stream was loaded" : $"Loaded are {names}";
            throw new DltException(
                $"Stream '{file.Sources[stream].Name}' failed: {error.Message} {loaded}; streams after it were not run.", error);
        }
    }

    private static Source Limited(Source source, int? pages) =>
        pages is null ? source : source with { Resources = [.. source.Resources.Select(r => r.WithLimit(pages))] };
}
