using Dlt.Json;
using Dlt.Packages;
using Dlt.Tracing;

namespace Dlt;

/// <summary>What a pipeline keeps in its working folder. Each call reads the disk; a run at the same time may move packages.</summary>
public sealed class StoredPipeline
{
    private readonly WorkingFolder _working;

    internal StoredPipeline(string name, string folder) => (Name, Folder, _working) = (name, folder, new(folder));

    /// <summary>The pipeline.</summary>
    public string Name { get; }

    /// <summary>Its working folder.</summary>
    public string Folder { get; }

    /// <summary>The state as the last run left it, with dlt's names of the members (dlt documentation, State).</summary>
    /// <returns>Null when there is none, because the first run was stopped.</returns>
    /// <exception cref="DltException">The file is torn.</exception>
    public JsonValue? ReadState() => _working.LoadState()?.Json;

    /// <summary>The dataset that the pipeline loads into; null when the state does not name one.</summary>
    /// <exception cref="DltException">The state is torn.</exception>
    public string? ReadDatasetName() => _working.LoadState()?.DatasetName;

    /// <summary>The stored schemas, in the order of their names.</summary>
    /// <exception cref="DltException">A file is torn.</exception>
    public IReadOnlyList<StoredSchema> ReadSchemas() =>
        [.. _working.SchemaNames().Select(n => new StoredSchema(_working.LoadSchema(n, null)!))];

    /// <summary>The packages in the order in which they are, or were, loaded; those that wait stand behind those that are loaded.</summary>
    public IReadOnlyList<StoredPackage> Packages() =>
    [
        .. WorkingFolder.Packages(_working.Loaded).Select(p => PackageReader.View(p, StoredPackageState.Loaded)),
        .. WorkingFolder.Packages(_working.Normalized).Select(p => PackageReader.View(p, StoredPackageState.Normalized)),
        .. WorkingFolder.Packages(_working.Extracted).Select(p => PackageReader.View(p, StoredPackageState.Extracted)),
    ];

    /// <summary>Schema, jobs, counts and changes of a package.</summary>
    /// <exception cref="DltException">A file of it is torn, or a run has moved it since.</exception>
    public StoredPackageContent Read(StoredPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        try
        {
            return PackageReader.Read(package);
        }
        catch (Exception error) when (error is DirectoryNotFoundException or FileNotFoundException)
        {
            throw new DltException($"Package {package.LoadId} is not in {package.Folder} any more: a run has moved it. Nothing was "
                + "changed. Look again.", error);
        }
    }

    /// <summary>The trace of the last run.</summary>
    /// <returns>Null when there is none: no run has ended, or <c>enable_runtime_trace</c> is off.</returns>
    /// <exception cref="DltException">The file is torn or is of another version.</exception>
    public PipelineTrace? ReadTrace() => TraceFile.Read(Folder);

    /// <summary>The trace of the last run that made or loaded a package.</summary>
    /// <returns>Null when there is none.</returns>
    /// <exception cref="DltException">The file is torn or is of another version.</exception>
    public PipelineTrace? ReadTrace(StoredPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return TraceFile.Read(package.Folder);
    }

    /// <summary>
    /// Gives up the packages that are not loaded yet: state and schemas become what they were before the oldest of them. Files of them that
    /// were uploaded stay at the destination.
    /// </summary>
    /// <returns>Load ids of the packages, oldest first; empty when none waited.</returns>
    /// <exception cref="DltException">A run of the pipeline is under way. Nothing was given up.</exception>
    public IReadOnlyList<string> AbortPackages()
    {
        using var folderLock = FolderLock.Take(Folder, Name);
        return _working.DropPending();
    }

    /// <summary>The pipeline, to load what waits (<see cref="Pipeline.LoadPendingAsync"/>) or to take over the state of the destination
    /// (<see cref="Pipeline.SyncAsync"/>).</summary>
    /// <param name="destination">Where it loads to.</param>
    /// <param name="options">Further settings; the folder of the working folders is that of this one.</param>
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
