using Dlt.Internal;

namespace Dlt.Packages;

/// <summary>
/// The command that gives up the pending packages of a pipeline, ready to paste, and the one that restores its state.
/// </summary>
/// <param name="Pipeline">Name of the pipeline.</param>
internal sealed record AbortCommand(string Pipeline)
{
    /// <summary>Name of the command, as in Python dlt.</summary>
    public const string Name = "abort-packages";

    /// <summary>Name of the command in earlier versions of dlt.</summary>
    public const string FormerName = "drop-pending-packages";

    /// <summary>The option that names the folder of the working folders.</summary>
    public const string FolderOption = "--pipelines-dir";

    /// <summary>True: the pipeline loads into the local account of the current folder.</summary>
    public bool IsLocal { get; init; }

    /// <summary>The folder of the working folders; null when the command finds it without the option.</summary>
    public string? PipelinesFolder { get; init; }

    /// <summary>The dataset of the pipeline; null when it is not known.</summary>
    public string? Dataset { get; init; }

    /// <summary>The command that replaces state and schemas by those of the destination, ready to paste.</summary>
    public string Sync
    {
        get
        {
            var dataset = Dataset is null ? "DATASET" : ShellWord.Quote(Dataset);
            return $"dlt pipeline {ShellWord.Quote(Pipeline)} sync --dataset {dataset}{(IsLocal ? " --local" : "")}{FolderPart}";
        }
    }

    private string FolderPart => PipelinesFolder is { } folder ? $" {FolderOption} {ShellWord.Quote(folder)}" : "";

    public override string ToString() => Line(Name);

    /// <summary>Returns the line of another command of the pipeline.</summary>
    /// <param name="command">The command with its arguments.</param>
    public string Line(string command) =>
        $"dlt pipeline {ShellWord.Quote(Pipeline)} {command}{(IsLocal && PipelinesFolder is null ? " --local" : FolderPart)}";
}
