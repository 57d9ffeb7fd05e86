using System.Globalization;
using Dlt.Tests.AthenaDestination.Journal;
using Dlt.Tests.Docs;
using Dlt.Tests.Support;

// Tests start this program again: crash tests as the process that they kill, catalog tests as writers, and one settings test without
// reflection.
if (args is ["child", var folder, var seed]) return await CrashChild.RunAsync(folder, int.Parse(seed, CultureInfo.InvariantCulture));
if (args is ["append", var place, var kind, var writer])
    return await AppendChild.RunAsync(place, kind, int.Parse(writer, CultureInfo.InvariantCulture));
if (args is ["kill", var account, var machine, var end, var refresh, var killAt])
{
    var invariant = CultureInfo.InvariantCulture;
    return await KilledChild.RunAsync(account, machine, int.Parse(end, invariant), refresh, int.Parse(killAt, invariant));
}

if (args is ["settings", var project]) return SettingsChild.Run(project);
if (args is ["snippets", var assembly]) return await SnippetChild.RunAsync(assembly);
return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
