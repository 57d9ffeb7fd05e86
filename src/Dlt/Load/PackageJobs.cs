using Dlt.Destinations;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.Storage;

namespace Dlt.Load;

/// <summary>The jobs of a package, as its folders show them, with what the destination said of those that are staged.</summary>
/// <param name="package">The package.</param>
/// <param name="schema">Its schema.</param>
internal sealed class PackageJobs(LoadPackage package, Schema schema)
{
    /// <summary>Folder of receipts: one file for each job, named by its id. Python dlt does not look at it.</summary>
    private const string Receipts = ".receipts";

    private static readonly string[] Folders = [PackageFolders.NewJobs, PackageFolders.StartedJobs, PackageFolders.CompletedJobs];

    /// <summary>All jobs. A file that a power cut left in two folders, on its way from one to the other, is one job.</summary>
    public List<LoadJob> All() =>
        [.. Folders.SelectMany(package.Jobs).Select(Of).DistinctBy(j => (NameOf(j.FilePath).Table, j.FileId))];

    /// <summary>The job of a file, wherever that is now.</summary>
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
            Table = schema.Table(JobTables.Resolve(name, schema)),
            Schema = schema,
            Receipt = ReceiptOf(name.JobId),
        };
    }

    /// <summary>The parts of a job file's name.</summary>
    public static JobFileName NameOf(string file) => JobFileName.Parse(Path.GetFileName(file));

    /// <summary>Keeps what the destination said of a staged job. A power cut does not undo it.</summary>
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
