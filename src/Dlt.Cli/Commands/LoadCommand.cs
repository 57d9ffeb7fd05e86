using System.CommandLine;
using Dlt.Cli.Help;
using Dlt.Cli.Loading;
using Dlt.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dlt.Cli.Commands;

/// <summary><c>dlt load FILES --dataset D --table T</c>: loads files into a table without any code.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var inputs = new InputArguments();
        var dataset = RequiredName("--dataset", "The dataset.");
        var table = RequiredName("--table", "The table.");
        var replace = new Option<bool>("--replace") { Description = "Replace all rows of the table." };
        var merge = new MergeArguments();
        var onError = OnError();
        var maxRejects = TypedOption.Number("--max-rejects",
            "Fail the load if more rows than this are rejected; nothing is loaded then. Implies --on-error reject.");
        var nested = Nested();
        var output = Output();
        var local = SharedOptions.Local();
        var quiet = SharedOptions.Quiet();
        var named = SharedOptions.Destination();
        var wait = SharedOptions.Wait();
        var command = new Command("load", "Load files into a table.")
        { inputs.Files, dataset, table, replace };
        foreach (var option in merge.Options.Concat([onError, maxRejects, nested, output])) command.Options.Add(option);
        foreach (var option in inputs.Options.Concat([local, named, quiet, wait])) command.Options.Add(option);
        command.SetAction((parse, cancellationToken) => SharedOptions.RunAsync(parse, async stop =>
        {
            var most = parse.GetValue(maxRejects);
            if (most is not null && parse.GetValue(onError) == "raise")
                throw new DltException("--max-rejects counts rejected rows, and --on-error raise rejects none. Nothing was loaded. "
                    + "Leave one of them out.");
            var reading = inputs.Of(parse);
            var paths = InputPath.Find(
                parse.GetValue(inputs.Files)!, Directory.GetCurrentDirectory(), (file, other) => CommandText.Replace(parse, file, other));
            var configuration = DltConfiguration.Load();
            var account = parse.GetValue(local) ? LocalAthena.Open(configuration) : null;
            var destination = Athena.Destination(account, parse.GetValue(named));
            var name = LoadPipelineName.Of(parse.GetValue(dataset)!);
            var hints = merge.Apply(parse, new()
            {
                WriteDisposition = parse.GetValue(replace) ? WriteDisposition.Replace : WriteDisposition.Append,
                NestedAs = Enum.Parse<NestedAs>(parse.GetValue(nested)!, ignoreCase: true),
            });
            var options = new PipelineOptions
            {
                Configuration = configuration,
                ExtractAfterPending = false,
                AbortFailedPackages = true,
                KeepRejects = most is not null || parse.GetValue(onError) == "reject",
                MaxRejects = most,
                WaitForLease = parse.GetValue(wait) ? true : null,
                Progress = TerminalProgress.From(parse.GetValue(quiet) ? ["--quiet"] : []),
            };
            var silent = options with { Warn = _ => { }, LoggerFactory = NullLoggerFactory.Instance };
            var checking = Pipeline.Create(name, destination, parse.GetValue(dataset), silent);
            if (account is null && paths.Any(p => p.IsPipe)) await checking.CheckSettingsAsync();   // a pipe is read only once
            using var opened = await FileInputs.OpenAsync(paths, reading, checking.WorkingFolder, stop);
            var key = Key(opened, parse.GetValue(table)!, hints);
            var pipeline = Pipeline.Create(name, destination, parse.GetValue(dataset), options with { RunKey = key });
            var info = await pipeline.RunAsync(opened.ToResource(parse.GetValue(table)!, hints), stop);
            Console.WriteLine(parse.GetValue(output) == "json" ? LoadInfoJson.Write(info) : info.ToString());
        }));
        return command;
    }

    /// <summary>
    /// The key of a load: its table and files, then their content and how they are read. A repeated load after a failure loads each file
    /// once, also with another <c>--on-error</c>.
    /// </summary>
    internal static RunKey Key(FileInputs inputs, string table, ResourceHints hints) =>
        inputs.KeyOf(
            $"{table} {hints.WriteDisposition} {hints.MergeStrategy?.Kind} {string.Join(',', hints.PrimaryKey)}".TrimEnd(),
            $"{hints.NestedAs}");

    private static Option<string> RequiredName(string name, string description)
    {
        var option = new Option<string>(name) { Description = description, Required = true };
        option.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
                result.AddError($"Option '{name}' needs a name that is not blank.");
        });
        return option;
    }

    private static Option<string?> OnError()
    {
        var option = new Option<string?>("--on-error")
        {
            Description = "What happens to an item that is not a row: raise (the load fails; the default) or reject (it goes to "
                + "_dlt_rejected).",
        };
        option.AcceptOnlyFromAmong("raise", "reject");
        return option;
    }

    private static Option<string> Nested()
    {
        var option = new Option<string>("--nested")
        {
            Description = "What nested objects and lists become: tables (and columns), columns (native structs and lists) or json (text).",
            DefaultValueFactory = _ => "tables",
        };
        option.AcceptOnlyFromAmong("tables", "columns", "json");
        return option;
    }

    private static Option<string> Output()
    {
        var option = new Option<string>("--output", "-o")
        { Description = "How the load info is printed: text, or json (one object).", DefaultValueFactory = _ => "text" };
        option.AcceptOnlyFromAmong("text", "json");
        return option;
    }
}
