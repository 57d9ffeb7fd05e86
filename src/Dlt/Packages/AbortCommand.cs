namespace Dlt.Packages;

/// <summary>The command that gives up the pending packages of a pipeline, ready to paste.</summary>
/// <param name="Pipeline">The pipeline.</param>
internal sealed record AbortCommand(string Pipeline)
{
    private static readonly System.Buffers.SearchValues<char> Plain =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:\\");

    /// <summary>Its word in dlt.</summary>
    public const string Name = "abort-packages";

    /// <summary>The word of earlier versions of dlt.</summary>
    public const string FormerName = "drop-pending-packages";

    /// <summary>The option that names the folder of the working folders.</summary>
    public const string FolderOption = "--pipelines-dir";

    /// <summary>True: the pipeline loads into the local account of the current folder.</summary>
    public bool IsLocal { get; init; }

    /// <summary>The folder of the working folders, where the command would not find it by itself.</summary>
    public string? PipelinesFolder { get; init; }

    public override string ToString()
    {
        var place = PipelinesFolder is { } folder ? $" {FolderOption} {Quoted(folder)}" : IsLocal ? " --local" : "";
        return $"dlt pipeline {Quoted(Pipeline)} {Name}{place}";
    }

    /// <summary>A word as shells read it.</summary>
    private static string Quoted(string word)
    {
        if (word.Length > 0 && word[0] != '-' && !word.AsSpan().ContainsAnyExcept(Plain) && !word.Contains('\\')) return word;
        return word.AsSpan().ContainsAny("\"$`\\") ? $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'" : $"\"{word}\"";
    }
}
