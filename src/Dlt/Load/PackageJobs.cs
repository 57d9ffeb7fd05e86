using Dlt.Destinations;
using Dlt.Internal;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Load;

/// <summary>Reads the jobs of a package from its job folders, with the receipts of the jobs that are staged.</summary>
/// <param name="package">The package.</param>
/// <param name="schema">Its schema.</param>
internal sealed class PackageJobs(LoadPackage package, Schema schema)
{
    /// <summary>Folder of receipts: one file for each job, named by its id. Python dlt ignores it.</summary>
    private const string Receipts = ".receipts";

    /// <summary>Folder of temporary files that destinations make while they stage jobs.</summary>
    private const string Temporary = ".staging";

    private static readonly string[] Folders = [PackageFolders.NewJobs, PackageFolders.StartedJobs, PackageFolders.CompletedJobs];

    /// <summary>Returns all jobs. A file that a power cut left in two folders during a move is one job.</summary>
    public List<LoadJob> All() =>
        [.. Folders.SelectMany(package.Jobs).Select(Of).DistinctBy(j => $"{NameOf(j.FilePath).Table}/{j.FileId}")];

    /// <summary>Returns the job of a file in any of the job folders.</summary>
    public LoadJob Of(string file)
    {
        var name = NameOf(file);
        return new()
        {
            LoadId = package.LoadId,
            FileId = name.FileId,
            Format = name.FullExtension,
            JobId = name.JobId,
            FilePath = file,
            TemporaryFolder = package.PathOf(Temporary),
            Table = schema.Table(JobTables.Resolve(name, schema)),
            Schema = schema,
            Receipt = ReceiptOf(name.JobId),
        };
    }

    /// <summary>Deletes temporary files of staging, also those of a process that was killed.</summary>
    public void DeleteTemporaryFiles()
    {
        var folder = package.PathOf(Temporary);
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    /// <summary>Parses the name of a job file.</summary>
    public static JobFileName NameOf(string file) => JobFileName.Parse(Path.GetFileName(file));

    /// <summary>Stores the receipt of a staged job. It is flushed to disk.</summary>
    public void SaveReceipt(LoadJob job, ReadOnlyMemory<byte> receipt)
    {
        var path = package.PathOf(Receipts, job.JobId);
        if (!receipt.IsEmpty)
        {
            DurableFolder.Create(package.PathOf(Receipts));
            AtomicFile.Write(path, receipt.Span);
        }
        else if (File.Exists(path))
        {
            File.Delete(path);
        }
    }

    private byte[] ReceiptOf(string jobId)
    {
        var path = package.PathOf(Receipts, jobId);
        return File.Exists(path) ? File.ReadAllBytes(path) : [];
    }
}
