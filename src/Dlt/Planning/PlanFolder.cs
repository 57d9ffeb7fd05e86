using Dlt.Packages;

namespace Dlt.Planning;

/// <summary>
/// A temporary folder of a plan, readable by this user only: a working folder with the state and schemas of the pipeline, and room for the
/// destination. It is deleted when it is disposed.
/// </summary>
internal sealed class PlanFolder : IDisposable
{
    private readonly string _path;

    private PlanFolder(string path) => _path = path;

    /// <summary>Folder that holds the working folder.</summary>
    public string Pipelines => Path.Combine(_path, "pipelines");

    /// <summary>Folder for temporary files of the destination.</summary>
    public string Destination => Path.Combine(_path, "destination");

    /// <summary>Makes the folder, and copies the state and schemas of a pipeline. Its own folder is only read.</summary>
    public static PlanFolder Of(WorkingFolder pipeline)
    {
        var folder = new PlanFolder(Directory.CreateTempSubdirectory("dlt-plan-").FullName);
        Directory.CreateDirectory(folder.Destination);
        pipeline.CopyStateTo(Path.Combine(folder.Pipelines, Path.GetFileName(pipeline.Path)));
        return folder;
    }

    public void Dispose()
    {
        try
        {
            Directory.Delete(_path, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Another program, such as a virus scanner, holds a file; the system clears its temporary folder.
        }
    }
}
