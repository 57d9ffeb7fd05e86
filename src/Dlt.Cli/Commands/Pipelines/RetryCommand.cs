using System.CommandLine;
using Dlt.Cli.Loading;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary><c>dlt pipeline NAME retry</c>: loads pending packages without the program of the pipeline.</summary>
internal static class RetryCommand
{
    public static Command Create(PipelineArguments arguments)
    {
        var quiet = SharedOptions.Quiet();
        var wait = SharedOptions.Wait();
        var aside = new Option<string?>("--set-aside")
        {
            Description = "First take a package back that was set aside: its rows are loaded, and the state of the pipeline stays.",
            HelpName = "load-id",
        };
        return arguments.Create("retry", "Load the packages that are not loaded yet, without extracting new data.", [aside, quiet, wait],
            async (stored, parse, stop) =>
            {
                if (parse.GetValue(aside) is { } loadId) stored.ReturnPackage(loadId);
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
                    WaitForLease = parse.GetValue(wait) ? true : null,
                    Progress = TerminalProgress.From(parse.GetValue(quiet) ? ["--quiet"] : []),
                });
                var info = await pipeline.LoadPendingAsync(stop);
                if (arguments.IsJson(parse)) OutputOption.Print(LoadInfoJson.Of(info));
                else Console.WriteLine(info);
            });
    }
}
