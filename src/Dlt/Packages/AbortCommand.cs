using Dlt.Internal;

namespace Dlt.Packages;

/// <summary>The command that gives up the pending packages of a pipeline, ready to paste.</summary>
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

    public override string ToString() => Line(Name);

    /// <summary>Returns the line of another command of the pipeline.</summary>
    /// <param name="command">The command with its arguments.</param>
    public string Line(string command)
    {
        var place = PipelinesFolder is { } folder ? $" {FolderOption} {ShellWord.Quote(folder)}" : IsLocal ? " --local" : "";
        return $"dlt pipeline {ShellWord.Quote(Pipeline)} {command}{place}";
    }
}
