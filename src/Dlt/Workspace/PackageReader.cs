using System.Collections.Immutable;
using System.Globalization;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt;

/// <summary>Reads the content of a package for <see cref="StoredPackage"/>.</summary>
internal static class PackageReader
{
    private const string FailureEnding = ".exception";
    private const string TransientLine = "retry: transient";

    private static readonly (string Folder, StoredJobState State)[] JobFolders =
    [
        (PackageFolders.NewJobs, StoredJobState.New),
        (PackageFolders.StartedJobs, StoredJobState.Started),
        (PackageFolders.CompletedJobs, StoredJobState.Completed),
        (PackageFolders.FailedJobs, StoredJobState.Failed),
    ];

    public static StoredPackage View(LoadPackage package, StoredPackageState state)
    {
        var mark = new FileInfo(package.PathOf(PackageFolders.Completed));
        if (state == StoredPackageState.Loaded && mark.Exists && File.ReadAllText(mark.FullName).Trim() == "aborted")
            state = StoredPackageState.Aborted;
        return new(package.LoadId, state, package.Folder)
        {
            CreatedAt = LoadId.IsTime(package.LoadId) ? LoadId.ToTime(package.LoadId) : null,
            CompletedAt = mark.Exists ? mark.LastWriteTimeUtc : null,
        };
    }

    public static StoredPackageContent Read(StoredPackage view)
    {
        var package = new LoadPackage(view.Folder);
        var schema = package.LoadSchema(null);
        return new()
        {
            Schema = new(schema),
            Location = PackageLocation.Read(package),
            Jobs = [.. JobFolders.SelectMany(f => Jobs(package, f.Folder, f.State, schema))
                .OrderBy(j => Path.GetFileName(j.Path), StringComparer.Ordinal)],
            RowCounts = view.State == StoredPackageState.Extracted ? RowCounts.ReadExtracted(package) : RowCounts.Read(package),
            Changes = PackageChanges.Read(package),
        };
    }

    private static IEnumerable<StoredJob> Jobs(LoadPackage package, string folder, StoredJobState state, Schema schema)
    {
        foreach (var file in package.Jobs(folder))
        {
            var name = JobFileName.Parse(Path.GetFileName(file));
            yield return new(name.JobId, JobTables.Resolve(name, schema), name.Format, state, file, new FileInfo(file).Length)
            {
                Failures = Failures(package, file, name),
            };
        }
    }

    /// <summary>
    /// Reads the failures of a job: those of each attempt, otherwise the last error that Python dlt wrote next to a failed job.
    /// </summary>
    private static ImmutableArray<JobFailure> Failures(LoadPackage package, string file, JobFileName name)
    {
        var folder = package.PathOf(PackageFolders.Exceptions);
        var noted = !Directory.Exists(folder)
            ? []
            : Directory.GetFiles(folder, $"{name.Table}.{name.FileId}.*{FailureEnding}").Select(Failure).OrderBy(f => f.Attempt).ToList();
        if (noted.Count == 0 && File.Exists(file + FailureEnding))
            noted.Add(new(name.RetryCount + 1, IsTransient: false, File.ReadAllText(file + FailureEnding)));
        return [.. noted];
    }

    private static JobFailure Failure(string file)
    {
        var attempt = Path.GetFileName(file)[..^FailureEnding.Length].Split('.')[^1];
        var text = File.ReadAllText(file);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return new(
            int.TryParse(attempt, NumberStyles.None, CultureInfo.InvariantCulture, out var earlier) ? earlier + 1 : 1,
            text.StartsWith(TransientLine, StringComparison.Ordinal), end < 0 ? "" : text[(end + 1)..]);
    }
}
