using System.CommandLine;
using Dlt.Configuration;
using Dlt.Progress;

namespace Dlt.Cli.Commands;

/// <summary><c>dlt load FILE --dataset D --table T</c>: a file of newline-delimited JSON into a table, no code at all.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "A file of newline-delimited JSON, plain or gzip." };
        file.AcceptExistingOnly();
        var dataset = new Option<string>("--dataset") { Description = "The dataset.", Required = true };
        var table = new Option<string>("--table") { Description = "The table.", Required = true };
        var replace = new Option<bool>("--replace") { Description = "The rows take the place of all others." };
        var local = SharedOptions.Local();
        var quiet = SharedOptions.Quiet();
        var command = new Command("load", "Load a file into a table.") { file, dataset, table, replace, local, quiet };
        command.SetAction((parse, cancellationToken) => SharedOptions.RunAsync(parse, async stop =>
        {
            var configuration = DltConfiguration.Load();
            var account = parse.GetValue(local) ? LocalAthena.Open(configuration) : null;
            var pipeline = Pipeline.Create(
                "load_" + parse.GetValue(dataset)!, Athena.Destination(account), parse.GetValue(dataset),
                new() { Configuration = configuration, Progress = ProgressDisplay.From(parse.GetValue(quiet) ? ["--quiet"] : []) });
            var hints = new ResourceHints { WriteDisposition = parse.GetValue(replace) ? WriteDisposition.Replace : WriteDisposition.Append };
            Console.WriteLine(await pipeline.RunAsync(Resource.FromFile(parse.GetValue(table)!, parse.GetValue(file)!.FullName, hints), stop));
        }));
        return command;
    }
}
