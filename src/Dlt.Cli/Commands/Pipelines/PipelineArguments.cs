using System.CommandLine;
using Dlt.Configuration;

namespace Dlt.Cli.Commands.Pipelines;

/// <summary>Which pipeline a command is about, and where its working folder lies. All commands of <c>dlt pipeline</c> take these.</summary>
internal sealed class PipelineArguments
{
    private const string FolderOption = "--pipelines-dir";

    private readonly Option<bool> _local = SharedOptions.Local();

    private readonly Option<string?> _folder = new(FolderOption)
    { Description = "The folder of the working folders, if it is not the usual one.", HelpName = "folder" };

    public PipelineArguments()
    {
        _local.Recursive = true;
        _folder.Recursive = true;
        Name.CompletionSources.Add(context => new PipelineWorkspace(FolderOf(context.ParseResult, mustExist: false)).Names());
    }

    public Argument<string?> Name { get; } = new("name")
    { Description = "The pipeline; without it, all are listed.", Arity = ArgumentArity.ZeroOrOne, HelpName = "name" };

    public IEnumerable<Option> Options => [_local, _folder];

    /// <summary>Makes a command about one pipeline.</summary>
    /// <param name="name">Its name, behind that of the pipeline.</param>
    /// <param name="description">Its description.</param>
    /// <param name="symbols">Arguments and options of its own.</param>
    /// <param name="body">What it does with the pipeline.</param>
    public Command Create(
        string name, string description, IEnumerable<Symbol> symbols,
        Func<StoredPipeline, ParseResult, CancellationToken, Task> body) => Create(
        name, description, symbols, (parse, stop) => body(Find(parse), parse, stop));

    /// <summary>Makes a command about a pipeline that need not be here.</summary>
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

    public PipelineWorkspace WorkspaceOf(ParseResult parse) => new(FolderOf(parse, mustExist: true));

    /// <summary>The pipeline that the command names.</summary>
    /// <exception cref="DltException">It has no working folder here.</exception>
    public StoredPipeline Find(ParseResult parse)
    {
        var workspace = WorkspaceOf(parse);
        var name = parse.GetValue(Name)!;
        return workspace.Find(name) ?? throw new DltException($"There is no pipeline '{name}' in {workspace.Folder}. "
            + $"{(workspace.Names() is { Count: > 0 } known ? $"Known are {string.Join(", ", known)}." : "There is none at all.")} "
            + $"Pipelines of the local account are found with --local, others with {FolderOption}. A pipeline on AWS is restored by its "
            + $"next run, or by: dlt pipeline {ShellWord.Quote(name)} sync --dataset DATASET");
    }

    /// <summary>The destination of the command: AWS, or the local account.</summary>
    /// <exception cref="DltException">There is no local account here.</exception>
    public Destination DestinationOf(ParseResult parse, DltConfiguration configuration) =>
        Athena.Destination(parse.GetValue(_local) ? SharedOptions.ExistingLocal(configuration) : null);

    private string FolderOf(ParseResult parse, bool mustExist)
    {
        if (parse.GetValue(_folder) is { } folder) return Path.GetFullPath(folder);
        var configuration = DltConfiguration.Load();
        if (!parse.GetValue(_local)) return configuration.Context.PipelinesFolder;
        var account = mustExist ? SharedOptions.ExistingLocal(configuration) : LocalAthena.Open(configuration);
        return account.PipelinesFolder;
    }
}
