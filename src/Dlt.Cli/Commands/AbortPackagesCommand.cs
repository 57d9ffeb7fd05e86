using System.CommandLine;
using Dlt.Configuration;
using Dlt.Packages;

namespace Dlt.Cli.Commands;

/// <summary>
/// <c>dlt pipeline &lt;name&gt; abort-packages</c>, formerly <c>drop-pending-packages</c>: gives up what is not loaded yet.
/// </summary>
internal static class AbortPackagesCommand
{
    /// <param name="name">The argument of the command above.</param>
    public static Command Create(Argument<string?> name)
    {
        var local = SharedOptions.Local();
        var folder = new Option<string?>(AbortCommand.FolderOption) { Description = "The folder of the working folders, if it is not "
            + "the usual one." };
        var command = new Command(AbortCommand.Name, "Give up the packages that are not loaded yet; state and schemas become what "
            + "they were before.") { local, folder };
        command.Aliases.Add(AbortCommand.FormerName);
        command.SetAction((parse, cancellationToken) => SharedOptions.RunAsync(parse, _ =>
        {
            Abort(FolderOf(parse.GetValue(folder), parse.GetValue(local)), parse.GetValue(name)!, Console.Out);
            return Task.CompletedTask;
        }));
        return command;
    }

    private static string FolderOf(string? folder, bool isLocal)
    {
        if (folder is not null) return Path.GetFullPath(folder);
        var configuration = DltConfiguration.Load();
        return isLocal ? SharedOptions.ExistingLocal(configuration).PipelinesFolder : configuration.Context.PipelinesFolder;
    }

    private static void Abort(string pipelinesFolder, string name, TextWriter output)
    {
        FileNameComponent.Check(name, "pipeline name");
        var path = Path.Combine(pipelinesFolder, name);
        if (!Directory.Exists(path))
        {
            throw new DltException(
                $"There is no pipeline '{name}' in {pipelinesFolder}. Nothing was given up. Pipelines of the local account are found "
                    + $"with --local, others with {AbortCommand.FolderOption}.");
        }

        using var folderLock = FolderLock.Take(path, name);
        var aborted = new WorkingFolder(path).DropPending();
        if (aborted.Count == 0) output.WriteLine("No pending packages found");
        foreach (var loadId in aborted) output.WriteLine($"Aborted package {loadId}. Files of it that were uploaded already stay at "
            + "the destination.");
    }
}
