using System.CommandLine;
using Dlt.Cli.Loading;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary><c>dlt pipeline NAME retry</c>: loads pending packages without the program of the pipeline.</summary>
internal static class RetryCommand
{
    public static Command Create(PipelineArguments arguments)
    {
        var quiet = SharedOptions.Quiet();
        return arguments.Create("retry", "Load the packages that are not loaded yet, without extracting new data.", [quiet],
            async (stored, parse, stop) =>
            {
                if (!stored.Packages().Any(p => p.IsPending))
                {
                    if (arguments.IsJson(parse)) OutputOption.Print(JsonValue.Object(("packages", JsonValue.EmptyArray)));
                    else Console.WriteLine("No pending packages found");
                    return;
                }

                var configuration = DltConfiguration.Load();
                var pipeline = stored.Open(arguments.DestinationOf(parse, configuration, stored), new()
                {
                    Configuration = configuration,
                    Progress = TerminalProgress.From(parse.GetValue(quiet) ? ["--quiet"] : []),
                });
                var info = await pipeline.LoadPendingAsync(stop);
                if (arguments.IsJson(parse)) OutputOption.Print(LoadInfoJson.Of(info));
                else Console.WriteLine(info);
            });
    }
}
