using Dlt.Tests.Support;

// The crash tests start this program again as the process that they kill.
if (args is ["child", var folder, var seed]) return await CrashChild.RunAsync(folder, int.Parse(seed));
return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
