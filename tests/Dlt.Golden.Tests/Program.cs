using Dlt.Golden;

var exitCode = await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
Tally.Print();
return exitCode;
