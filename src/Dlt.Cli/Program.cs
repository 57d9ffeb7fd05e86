using System.CommandLine;
using Dlt.Cli;
using Dlt.Cli.Commands;
using Dlt.Cli.Help;

NativeHeap.UseOneArena();
if (args.Length == 0) args = ["--help"];

// DltProgram stops commands and lets them end; System.CommandLine would end the process after two seconds, and fail at a second signal.
return await UsageErrors.InvokeAsync(CommandTree.Create().Parse(args), new InvocationConfiguration { ProcessTerminationTimeout = null });
