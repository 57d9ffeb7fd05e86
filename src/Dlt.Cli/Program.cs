using System.CommandLine;
using Dlt.Cli;
using Dlt.Cli.Commands;

NativeHeap.UseOneArena();
var root = new RootCommand("Loads data from APIs, databases and files into AWS Athena, or into a local account in a folder.")
{
    InitCommand.Create(),
    LoadCommand.Create(),
    QueryCommand.Create(),
    IcebergCommand.Create(),
    PipelineCommand.Create(),
};
var debug = new Option<bool>("--debug") { Description = "Print the whole error.", Recursive = true };
root.Options.Add(debug);
if (args.Length == 0) args = ["--help"];

// Commands stop by DltProgram, which lets them end; System.CommandLine would end the process after two seconds, and fail at a second signal.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
