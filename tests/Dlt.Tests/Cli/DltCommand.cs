using Dlt.Tests.Support;

namespace Dlt.Tests.Cli;

/// <summary>Runs the `dlt` command as a process in a folder.</summary>
internal static class DltCommand
{
    public static Task<ToolResult> RunAsync(string folder, params string[] arguments) => Tool.RunAsync(
        "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Dlt.Cli.dll"), .. arguments], folder,
        new Dictionary<string, string?>
        {
            ["DLT_DATA_DIR"] = Path.Combine(folder, "data"),
            ["AWS_ACCESS_KEY_ID"] = null,
            ["AWS_SECRET_ACCESS_KEY"] = null,
            ["AWS_PROFILE"] = null
        });
}
