using System.CommandLine;
using Dlt.Configuration;
using Dlt.Progress;

namespace Dlt.Cli.Commands;

/// <summary><c>dlt load FILE --dataset D --table T</c>: a file into a table, no code at all.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("file") { Description = "A file of JSON (one item a line, an array, or objects over several lines), CSV, Parquet or Arrow; JSON and CSV also as gzip or zstd." };
        file.AcceptExistingOnly();
        var dataset = new Option<string>("--dataset") { Description = "The dataset.", Required = true };
        var table = new Option<string>("--table") { Description = "The table.", Required = true };
        foreach (var name in new[] { dataset, table })
        {
            name.Validators.Add(result =>
            {
                if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>())) result.AddError($"Option '{name.Name}' needs a name that is not blank.");
            });
        }

        var replace = new Option<bool>("--replace") { Description = "The rows take the place of all others." };
        var onError = new Option<string>("--on-error") { Description = "What an item that is no row does: raise (the load fails) or reject (it goes to _dlt_rejected).", DefaultValueFactory = _ => "raise" };
        onError.AcceptOnlyFromAmong("raise", "reject");
        var nested = new Option<string>("--nested") { Description = "What becomes of nested objects and lists: tables (and columns), columns (native structs and lists) or json (text).", DefaultValueFactory = _ => "tables" };
        nested.AcceptOnlyFromAmong("tables", "columns", "json");
        var csv = new CsvArguments();
        var local = SharedOptions.Local();
        var quiet = SharedOptions.Quiet();
        var command = new Command("load", "Load a file into a table.") { file, dataset, table, replace, onError, nested, csv.Delimiter, csv.NoHeader, local, quiet };
        command.SetAction((parse, cancellationToken) => SharedOptions.RunAsync(parse, async stop =>
        {
            var configuration = DltConfiguration.Load();
            var account = parse.GetValue(local) ? LocalAthena.Open(configuration) : null;
            var pipeline = Pipeline.Create(
                LoadPipelineName.Of(parse.GetValue(dataset)!), Athena.Destination(account), parse.GetValue(dataset),
                new()
                {
                    Configuration = configuration,
                    ExtractAfterPending = false,
                    RunKey = KeyOf(parse),
                    GivesUpFailedPackages = true,
                    KeepsRejects = parse.GetValue(onError) == "reject",
                    Progress = ProgressDisplay.From(parse.GetValue(quiet) ? ["--quiet"] : []),
                });
            var hints = new ResourceHints
            {
                WriteDisposition = parse.GetValue(replace) ? WriteDisposition.Replace : WriteDisposition.Append,
                NestedAs = Enum.Parse<NestedAs>(parse.GetValue(nested)!, ignoreCase: true),
            };
            Console.WriteLine(await pipeline.RunAsync(FileResource.Create(parse.GetValue(table)!, parse.GetValue(file)!.FullName, hints, csv.Of(parse)), stop));
        }));
        return command;

        string KeyOf(ParseResult parse) => LoadKey.Of(
            parse.GetValue(table)!, [parse.GetValue(file)!], $"{parse.GetValue(replace)}", parse.GetValue(nested)!,
                parse.GetValue(onError)!);
    }
}
