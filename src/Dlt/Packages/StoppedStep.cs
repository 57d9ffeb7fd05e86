using Dlt.Configuration;
using Dlt.Extract;
using Dlt.Load;
using Dlt.Normalize.Chunks;
using Dlt.Schemas;

namespace Dlt.Packages;

/// <summary>Says what a step leaves that an error stopped: packages that wait, with the command that gives them up, or nothing.</summary>
/// <remarks>
/// A package that no run can ever load would stop every other load of its pipeline. Where the data is still where it came from, such a
/// package is given up at once; where the package holds the only copy, it stays.
/// </remarks>
/// <param name="folder">The working folder.</param>
/// <param name="abort">The command that gives packages up.</param>
/// <param name="canAskAgain">True: whoever runs the pipeline gives its data again.</param>
internal sealed class StoppedStep(WorkingFolder folder, AbortCommand abort, bool canAskAgain)
{
    /// <summary>True after a package was given up: nothing waits any more, and state and schemas are as before it.</summary>
    public bool HasGivenUp { get; private set; }

    /// <summary>Completes the message of an error.</summary>
    /// <param name="error">What stopped the step.</param>
    /// <param name="isOfThisRun">False: an earlier run made the package, and nobody gives its data again now.</param>
    public void Explain(DltException error, bool isOfThisRun = true)
    {
        if (error.State is not null || folder.Pending is not { Count: > 0 } pending) return;
        if (error.IsTransient)
        {
            error.State = $"{What(pending)}, and the next run tries {Them(pending)} first.";
            return;
        }

        if (IsOfData(error) && pending.Count == 1 && IsUnbegun(pending[0]) && ((canAskAgain && isOfThisRun) || HoldsFilesOnly(pending[0])))
        {
            folder.DropPending();
            HasGivenUp = true;
            error.State = "Its package was given up: nothing waits, and state and schemas are as before it.";
            return;
        }

        error.State = error is ConfigurationException
            ? $"{What(pending)}, and the next run tries {Them(pending)} first."
            : $"{What(pending)}, and the next run tries {Them(pending)} first. If the cause cannot be corrected, give {Them(pending)} "
                + $"up with: {abort}";
    }

    private static string What(List<LoadPackage> pending) => pending.Count == 1
        ? $"Package {pending[0].LoadId} stays pending"
        : $"Packages {string.Join(", ", pending.Select(p => p.LoadId))} stay pending";

    private static string Them(List<LoadPackage> pending) => pending.Count == 1 ? "it" : "them";

    /// <summary>
    /// Errors that come again with the same data. A file that is gone may be put back; but whoever gives it again gives it as it is
    /// now.
    /// </summary>
    private bool IsOfData(DltException error) =>
        error is SchemaException or JsonFormatException or UnreadableFileException || (canAskAgain && error is ChangedFileException);

    /// <summary>Nothing of the package is at the destination, and nothing was removed there for it.</summary>
    public static bool IsUnbegun(LoadPackage package) =>
        !File.Exists(package.PathOf(PackageFolders.AppliedSchemaUpdates))
        && package.Jobs(PackageFolders.StartedJobs).Count == 0 && package.Jobs(PackageFolders.CompletedJobs).Count == 0;

    /// <summary>
    /// An extracted package of files that are read in place, of which normalise has taken out one that it cannot read; the row of the
    /// state comes with them and goes with them.
    /// </summary>
    private static bool HoldsFilesOnly(LoadPackage package) =>
        package.Jobs(PackageFolders.NewJobs).Select(f => JobFileName.Parse(Path.GetFileName(f)))
            .All(j => j.Format == SegmentFormat.Reference || SystemTables.IsSystemName(j.Table))
        && !OnlyCopy.IsIn(package);
}
