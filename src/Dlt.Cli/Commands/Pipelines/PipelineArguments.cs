using System.CommandLine;
using Dlt.Internal;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary>The arguments that all commands of <c>dlt pipeline</c> share: the pipeline, and where its working folder is.</summary>
internal sealed class PipelineArguments
{
    private const string FolderOption = "--pipelines-dir";

    private readonly Option<bool> _local = SharedOptions.Local();

    private readonly Option<string?> _named = SharedOptions.Destination();

    private readonly Option<string?> _folder = new(FolderOption)
    { Description = "The folder with the working folders, if it is not the default one.", HelpName = "folder" };

    private readonly Option<bool> _yes = Confirmation.Yes();

    private readonly Option<string> _output = OutputOption.Create();

    public PipelineArguments()
    {
        _yes.Recursive = true;
        _output.Recursive = true;
        _local.Recursive = true;
        _folder.Recursive = true;
        _named.Recursive = true;
        Name.CompletionSources.Add(context => new PipelineWorkspace(FolderOf(context.ParseResult, mustExist: false)).Names());
    }

    public Argument<string?> Name { get; } = new("name")
    { Description = "The pipeline; 'dlt pipeline' without a name lists all.", Arity = ArgumentArity.ZeroOrOne, HelpName = "name" };

    public IEnumerable<Option> Options => [_local, _named, _folder, _output, _yes];

    /// <summary>The dataset, for commands that need no working folder.</summary>
    public static Option<string?> Dataset() => new("--dataset", "--dataset-name")
    { Description = "The dataset of the pipeline, if this machine has no working folder for it." };

    /// <summary>True: one JSON object on standard output.</summary>
    public bool IsJson(ParseResult parse) => OutputOption.IsJson(parse, _output);

    /// <summary>True: what the command would ask is answered with yes.</summary>
    public bool IsYes(ParseResult parse) => parse.GetValue(_yes);

    /// <summary>Creates a command for a pipeline that has a working folder.</summary>
    /// <param name="name">Name of the command, which follows that of the pipeline.</param>
    /// <param name="description">Description of the command.</param>
    /// <param name="symbols">Further arguments and options of the command.</param>
    /// <param name="body">Runs the command on the pipeline.</param>
    public Command Create(
        string name, string description, IEnumerable<Symbol> symbols,
        Func<StoredPipeline, ParseResult, CancellationToken, Task> body) => Create(
        name, description, symbols, (parse, stop) => body(Find(parse), parse, stop));

    /// <summary>Creates a command for a pipeline that may have no working folder.</summary>
    public Command Create(
        string name, string description, IEnumerable<Symbol> symbols, Func<ParseResult, CancellationToken, Task> body)
    {
        var command = new Command(name, description);
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(Name) is null)
                result.AddError($"Name the pipeline: dlt pipeline <name> {name}. 'dlt pipeline' lists all.");
        });
        command.SetAction((parse, _) => SharedOptions.RunAsync(parse, stop => body(parse, stop)));
        return command;
    }

    /// <summary>The options that name the place of the working folders, as they follow a command in messages; empty for none.</summary>
    public string PlaceOf(ParseResult parse)
    {
        var local = parse.GetValue(_local) ? " --local" : "";
        return parse.GetValue(_folder) is { } folder ? $"{local} {FolderOption} {ShellWord.Quote(folder)}" : local;
    }

    public PipelineWorkspace WorkspaceOf(ParseResult parse) => new(FolderOf(parse, mustExist: true));

    /// <summary>Finds the pipeline that the command line names.</summary>
    /// <exception cref="UnknownPipelineException">The pipeline has no working folder.</exception>
    public StoredPipeline Find(ParseResult parse)
    {
        var workspace = WorkspaceOf(parse);
        var name = parse.GetValue(Name)!;
        if (workspace.Find(name) is { } pipeline) return pipeline;
        var known = workspace.Names() is { Count: > 0 } names ? $"Known are {string.Join(", ", names)}." : "The folder has no pipelines.";
        throw new UnknownPipelineException($"There is no pipeline '{name}' in {workspace.Folder}. {known} "
            + $"Pipelines of the local account are found with --local, those in another folder with {FolderOption}. A pipeline on AWS is "
            + $"restored by its next run, or by: dlt pipeline {ShellWord.Quote(name)} sync --dataset DATASET{PlaceOf(parse)}");
    }

    /// <summary>
    /// The destination of the command, on AWS or in the local account: the one that the command line names, else that of the pipeline.
    /// </summary>
    /// <param name="parse">The command line.</param>
    /// <param name="configuration">Configuration with the place of the local account.</param>
    /// <param name="stored">The pipeline; null if it has no working folder.</param>
    /// <exception cref="DltException">The folder of the local account does not exist.</exception>
    public Destination DestinationOf(ParseResult parse, DltConfiguration configuration, StoredPipeline? stored) => Athena.Destination(
        parse.GetValue(_local) ? SharedOptions.ExistingLocal(configuration) : null,
        parse.GetValue(_named) ?? stored?.ReadDestinationName());

    /// <summary>Runs a query at the destination of a pipeline.</summary>
    public Task<QueryTable> QueryAsync(
        ParseResult parse, DltConfiguration configuration, StoredPipeline stored, string database, string sql, CancellationToken stop) =>
        Athena.QueryAsync(
            database, sql, parse.GetValue(_local) ? SharedOptions.ExistingLocal(configuration) : null, configuration,
            parse.GetValue(_named) ?? stored.ReadDestinationName(), cancellationToken: stop);

    /// <summary>
    /// Opens the pipeline of the command line, also one without a working folder when the dataset is given.
    /// </summary>
    /// <exception cref="DltException">The dataset is not known.</exception>
    public Pipeline Open(ParseResult parse, string? dataset, PipelineOptions options)
    {
        if (dataset is not null) return OpenDataset(parse, dataset, options);
        var stored = Find(parse);
        if (stored.ReadDatasetName() is not null) return stored.Open(DestinationOf(parse, options.Configuration!, stored), options);
        throw new DltException($"The dataset of pipeline '{stored.Name}' is not known: {stored.Folder} has no state. Nothing was "
            + $"changed. Name it: dlt pipeline {ShellWord.Quote(stored.Name)} {parse.CommandResult.Command.Name} --dataset "
            + $"DATASET{PlaceOf(parse)}");
    }

    /// <summary>Opens a pipeline whose state may be torn: it is going to be restored.</summary>
    public Pipeline OpenToRestore(ParseResult parse, StoredPipeline stored, PipelineOptions options)
    {
        try
        {
            return stored.Open(DestinationOf(parse, options.Configuration!, stored), options);
        }
        catch (DltException error) when (error is not ConfigurationException)
        {
            return OpenDataset(parse, null, options);
        }
    }

    private Pipeline OpenDataset(ParseResult parse, string? dataset, PipelineOptions options)
    {
        var destination = DestinationOf(parse, options.Configuration!, null);
        return Pipeline.Create(
            parse.GetValue(Name)!, destination, dataset, options with { PipelinesFolder = WorkspaceOf(parse).Folder });
    }

    private string FolderOf(ParseResult parse, bool mustExist)
    {
        if (parse.GetValue(_folder) is { } folder) return Path.GetFullPath(folder);
        var configuration = DltConfiguration.Load();
        if (!parse.GetValue(_local)) return configuration.Context.PipelinesFolder;
        var account = mustExist ? SharedOptions.ExistingLocal(configuration) : LocalAthena.Open(configuration);
        return account.PipelinesFolder;
    }
}
