using System.CommandLine;

namespace Dlt.Cli.Commands.Maintain;

/// <summary>The arguments and options that the commands of <c>dlt maintain</c> share.</summary>
internal sealed class MaintainOptions
{
    private readonly Argument<string> _dataset = new("dataset") { Description = "The dataset.", HelpName = "dataset" };
    private readonly Option<string?> _destination = SharedOptions.Destination();
    private readonly Option<bool> _local = SharedOptions.Local();
    private readonly Option<string> _output = OutputOption.Create();

    private readonly Option<bool> _apply = new("--apply", "--yes", "-y")
    { Description = "Do what the command has printed, without a question." };

    private readonly Argument<string[]> _tables = new("tables")
    {
        Description = "The tables; without any, all of the dataset.",
        HelpName = "tables",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>Creates a command that takes a dataset.</summary>
    public Command CommandOf(string name, string description) =>
        new(name, description) { _dataset, _destination, _local, _output, _apply };

    /// <summary>Creates a command that takes a dataset and tables of it.</summary>
    public Command CommandOfTables(string name, string description) =>
        new(name, description) { _dataset, _tables, _destination, _local, _output, _apply };

    /// <exception cref="DltException">A setting is missing, or the local account does not exist.</exception>
    public AthenaMaintenance Open(ParseResult parse) =>
        Datasets.Maintenance.Open(parse.GetValue(_local), parse.GetValue(_destination));

    public string DatasetOf(ParseResult parse) => parse.GetValue(_dataset)!;

    public string[] TablesOf(ParseResult parse) => parse.GetValue(_tables) ?? [];

    public bool IsJson(ParseResult parse) => OutputOption.IsJson(parse, _output);

    /// <summary>Asks whether to do what was printed; with <c>--apply</c> the answer is yes.</summary>
    public bool Confirm(ParseResult parse, string question) => Confirmation.Ask(question, parse.GetValue(_apply), "--apply");
}
