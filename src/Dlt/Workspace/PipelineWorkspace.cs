using Dlt.Internal;
using Dlt.Packages;
using Dlt.Tracing;

namespace Dlt;

/// <summary>
/// The pipelines with working folders in one folder. It is the entry point to their content on disk, for tools that inspect or repair
/// pipelines. Data is read on request, and reading changes nothing.
/// </summary>
/// <param name="folder">
/// The folder of the working folders, such as <c>configuration.Context.PipelinesFolder</c>; it may not exist yet.
/// </param>
public sealed class PipelineWorkspace(string folder)
{
    /// <summary>The full path of the folder of the working folders.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>
    /// Returns the names of the pipelines that have a state, packages or the trace of a failed run, in ordinal order; empty for none.
    /// </summary>
    public IReadOnlyList<string> Names() => !Directory.Exists(Folder)
        ? []
        : [.. Directory.GetDirectories(Folder).Where(IsPipeline).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    /// <summary>Finds a pipeline by its name.</summary>
    /// <returns>
    /// The pipeline; null when it has neither state nor packages nor a trace here, because it never ran or ran only on another machine.
    /// </returns>
    /// <exception cref="ArgumentException">The name is not valid as a folder name.</exception>
    public StoredPipeline? Find(string name)
    {
        FileNameComponent.Check(name, "pipeline name");
        var path = Path.Combine(Folder, name);
        return IsPipeline(path) ? new(name, path) : null;
    }

    private static bool IsPipeline(string path)
    {
        var working = new WorkingFolder(path);
        return working.HasState || working.HasPending || TraceFile.IsIn(path);
    }
}
