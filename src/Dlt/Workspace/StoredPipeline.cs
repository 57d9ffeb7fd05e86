using Dlt.Packages;
using Dlt.Tracing;

namespace Dlt;

/// <summary>
/// Reads the working folder of a pipeline: state, schemas, packages and traces. Each call reads the disk; a concurrent run may move
/// packages.
/// </summary>
public sealed class StoredPipeline
{
    private readonly WorkingFolder _working;

    internal StoredPipeline(string name, string folder) => (Name, Folder, _working) = (name, folder, new(folder));

    /// <summary>Name of the pipeline.</summary>
    public string Name { get; }

    /// <summary>Full path of the working folder.</summary>
    public string Folder { get; }

    /// <summary>Reads the state that the last run saved, with dlt's member names (dlt documentation, State).</summary>
    /// <returns>The state; null when no run has extracted data yet, because the first one failed or was stopped.</returns>
    /// <exception cref="DltException">The file is torn.</exception>
    public JsonValue? ReadState() => _working.LoadState()?.Json;

    /// <summary>Reads the dataset that the pipeline loads into; null when the state does not name one.</summary>
    /// <exception cref="DltException">The state is torn.</exception>
    public string? ReadDatasetName() => _working.LoadState()?.DatasetName;

    /// <summary>Reads the name of the destination; null when the state names none, or the name is that of its type.</summary>
    /// <exception cref="DltException">The state is torn.</exception>
    public string? ReadDestinationName() => _working.LoadState()?.DestinationName;

    /// <summary>Reads the stored schemas, ordered by name.</summary>
    /// <exception cref="DltException">A file is torn.</exception>
    public IReadOnlyList<StoredSchema> ReadSchemas() =>
        [.. _working.SchemaNames().Select(n => new StoredSchema(_working.LoadSchema(n, null)!))];

    /// <summary>
    /// Returns the packages: first those that were set aside, then the loaded ones, then those that wait, in the order of loading.
    /// </summary>
    public IReadOnlyList<StoredPackage> Packages() =>
    [
        .. new SetAsidePackages(_working).All.Select(p => PackageReader.View(p, StoredPackageState.SetAside)),
        .. WorkingFolder.Packages(_working.Loaded).Select(p => PackageReader.View(p, StoredPackageState.Loaded)),
        .. WorkingFolder.Packages(_working.Normalized).Select(p => PackageReader.View(p, StoredPackageState.Normalized)),
        .. WorkingFolder.Packages(_working.Extracted).Select(p => PackageReader.View(p, StoredPackageState.Extracted)),
    ];

    /// <summary>Reads the schema, jobs, counts and changes of a package.</summary>
    /// <exception cref="DltException">A file of the package is torn, or a run has moved the package.</exception>
    public StoredPackageContent Read(StoredPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        try
        {
            return PackageReader.Read(package);
        }
        catch (Exception error) when (error is DirectoryNotFoundException or FileNotFoundException)
        {
            throw new DltException($"Package {package.LoadId} is no longer in {package.Folder}: a run has moved it. Nothing was "
                + "changed. List the packages again.", error);
        }
    }

    /// <summary>Reads the trace of the last run.</summary>
    /// <returns>The trace; null when no run has ended or <c>enable_runtime_trace</c> is off.</returns>
    /// <exception cref="DltException">The file is torn or is of another version.</exception>
    public PipelineTrace? ReadTrace() => TraceFile.Read(Folder);

    /// <summary>Reads the trace of the last run that made or loaded a package.</summary>
    /// <returns>The trace; null when there is none.</returns>
    /// <exception cref="DltException">The file is torn or is of another version.</exception>
    public PipelineTrace? ReadTrace(StoredPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return TraceFile.Read(package.Folder);
    }

    /// <summary>
    /// Returns the pending packages that are given up with one (<see cref="AbortPackages"/>): those that are loaded with it, and all later
    /// ones.
    /// </summary>
    /// <exception cref="DltException">The package is not pending.</exception>
    public IReadOnlyList<StoredPackage> PendingFrom(string loadId)
    {
        var ids = _working.PendingFrom(loadId).Select(p => p.LoadId).ToHashSet(StringComparer.Ordinal);
        return [.. Packages().Where(p => p.IsPending && ids.Contains(p.LoadId))];
    }

    /// <summary>
    /// Gives up the pending packages: state and schemas are restored to those before the oldest of them. Files that were already uploaded
    /// stay at the destination.
    /// </summary>
    /// <param name="fromLoadId">Load id of the oldest package to give up, with those that are loaded with it and all later ones; null for
    /// all. One that was set aside is given up alone, and state and schemas stay.</param>
    /// <returns>Load ids of the packages, oldest first; empty when none was pending.</returns>
    /// <exception cref="DltException">
    /// The pipeline is running, or the package is neither pending nor set aside. Nothing was given up.
    /// </exception>
    public IReadOnlyList<string> AbortPackages(string? fromLoadId = null)
    {
        using var folderLock = FolderLock.Take(Folder, Name);
        var aside = new SetAsidePackages(_working);
        if (aside.Find(fromLoadId) is not { } package) return _working.DropPending(fromLoadId);
        aside.Remove(package);
        return [package.LoadId];
    }

    /// <summary>
    /// Makes a package pending again that was set aside. Its load adds its rows, whether another machine has loaded them or not, and leaves
    /// the state of the pipeline as it is.
    /// </summary>
    /// <exception cref="DltException">No such package was set aside, or the pipeline is running. Nothing was changed.</exception>
    public void ReturnPackage(string loadId)
    {
        using var folderLock = FolderLock.Take(Folder, Name);
        var aside = new SetAsidePackages(_working);
        if (aside.Find(loadId) is not { } package)
        {
            var all = aside.All.Count == 0 ? "none" : string.Join(", ", aside.All.Select(p => p.LoadId));
            throw new DltException($"Pipeline '{Name}' has not set aside a package {loadId}. Nothing was changed. "
                + $"It has set aside: {all}.");
        }

        aside.Return(package);
    }

    /// <summary>
    /// Opens the pipeline, to load its pending packages (<see cref="Pipeline.LoadPendingAsync"/>) or to restore the state from the
    /// destination (<see cref="Pipeline.SyncAsync"/>).
    /// </summary>
    /// <param name="destination">Destination that the pipeline loads to.</param>
    /// <param name="options">
    /// Further settings; <see cref="PipelineOptions.PipelinesFolder"/> is replaced by the folder of this pipeline.
    /// </param>
    /// <exception cref="DltException">The state is torn, or the pipeline loads into a destination of another type.</exception>
    public Pipeline Open(Destination destination, PipelineOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(destination);
        if (_working.LoadState()?.DestinationType is { } type && type != destination.Type)
            throw new DltException($"Pipeline '{Name}' loads into {type}, and this is {destination.Type}. Nothing was opened.");
        var all = (options ?? new()) with { PipelinesFolder = Path.GetDirectoryName(Folder) };
        return Pipeline.Create(Name, destination, ReadDatasetName(), all);
    }
}
