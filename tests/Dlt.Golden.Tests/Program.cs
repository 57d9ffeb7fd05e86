using Dlt.Golden.Harness;

Inventory.Count();
var exitCode = await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
Ledger.Print(Console.Out);
return exitCode;
