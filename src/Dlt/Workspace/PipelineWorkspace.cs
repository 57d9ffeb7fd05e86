using Dlt.Packages;

namespace Dlt;

/// <summary>
/// The pipelines whose working folders lie in one folder: the one door to what they keep on disk, for tools that look at pipelines or
/// repair them. Nothing is read before it is asked for, and looking changes nothing.
/// </summary>
/// <param name="folder">
/// The folder of the working folders, such as <c>configuration.Context.PipelinesFolder</c>; it need not be there.
/// </param>
public sealed class PipelineWorkspace(string folder)
{
    /// <summary>The full path of the folder of the working folders.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>The names of the pipelines that have a state or packages, in the order of their characters; empty for none.</summary>
    public IReadOnlyList<string> Names() => !Directory.Exists(Folder)
        ? []
        : [.. Directory.GetDirectories(Folder).Where(IsPipeline).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    /// <summary>A pipeline by its name.</summary>
    /// <returns>Null when it has neither state nor packages here: it never ran, or only on another machine.</returns>
    /// <exception cref="ArgumentException">The name cannot be that of a folder.</exception>
    public StoredPipeline? Find(string name)
    {
        FileNameComponent.Check(name, "pipeline name");
        var path = Path.Combine(Folder, name);
        return IsPipeline(path) ? new(name, path) : null;
    }

    private static bool IsPipeline(string path)
    {
        var working = new WorkingFolder(path);
        return working.HasState || working.HasPending;
    }
}
