using System.Globalization;
using Dlt.Tests.Docs;
using Dlt.Tests.Support;

// The crash tests start this program again as the process that they kill, the tests of catalogs as writers, and one of settings without
// reflection.
if (args is ["child", var folder, var seed]) return await CrashChild.RunAsync(folder, int.Parse(seed, CultureInfo.InvariantCulture));
if (args is ["append", var place, var kind, var writer])
    return await AppendChild.RunAsync(place, kind, int.Parse(writer, CultureInfo.InvariantCulture));
if (args is ["settings", var project]) return SettingsChild.Run(project);
if (args is ["snippets", var assembly]) return await SnippetChild.RunAsync(assembly);
return await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
