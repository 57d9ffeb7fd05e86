using System.CommandLine;
using System.CommandLine.Help;
using Dlt.Cli.Commands.Datasets;
using Dlt.Cli.Commands.Doctor;
using Dlt.Cli.Commands.Maintain;
using Dlt.Cli.Commands.Pipelines;
using Dlt.Cli.Commands.Running;
using Dlt.Cli.Help;

namespace Dlt.Cli.Commands;

/// <summary>Creates the root command with all commands of <c>dlt</c>.</summary>
internal static class CommandTree
{
    public static RootCommand Create()
    {
        var root = new RootCommand("Loads data from APIs, databases and files into AWS Athena, or into a local account in a folder.")
        {
            InitCommand.Create(),
            LoadCommand.Create(),
            RunCommand.Create(),
            PlanCommand.Create(),
            SourceCommand.Create(),
            QueryCommand.Create(),
            IcebergCommand.Create(),
            PipelineCommand.Create(),
            DatasetCommand.Create(),
            DeleteCommand.Create(),
            MaintainCommand.Create(),
            DoctorCommand.Create(),
            CompletionCommand.Create(),
        };
        root.Options.Add(new Option<bool>("--debug") { Description = "Print the whole error.", Recursive = true });
        root.Options.Add(SharedOptions.LogLevel());
        var help = root.Options.OfType<HelpOption>().Single();
        // Aliases such as /? are paths on other systems than Windows.
        foreach (var ofWindows in help.Aliases.Where(a => a.StartsWith('/')).ToList()) help.Aliases.Remove(ofWindows);
        help.Action = new HelpWithDocs((HelpAction)help.Action!);
        OptionValues.Check(root);
        return root;
    }
}
