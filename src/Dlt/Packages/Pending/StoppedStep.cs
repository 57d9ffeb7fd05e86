using Dlt.Files;
using Dlt.Schemas;

namespace Dlt.Packages;

/// <summary>
/// Completes the error that stopped a step with the state that is left: packages that wait, with the command that gives them up, or
/// nothing.
/// </summary>
/// <remarks>
/// A package that no run can ever load would block all later loads of its pipeline. If its source still has the data, such a package is
/// given up at once. If the package holds the only copy, it stays.
/// </remarks>
/// <param name="folder">The working folder.</param>
/// <param name="abort">The command that gives up packages.</param>
/// <param name="canAskAgain">True: the caller can provide the data again.</param>
internal sealed class StoppedStep(WorkingFolder folder, AbortCommand abort, bool canAskAgain)
{
    /// <summary>True after a package was given up: no package waits, and state and schemas are as they were before it.</summary>
    public bool HasGivenUp { get; private set; }

    /// <summary>Gives up the package if no run can ever load it and its source still has the data, and completes the error.</summary>
    /// <param name="error">The error that stopped the step; receives the state that is left.</param>
    /// <param name="isOfThisRun">False: an earlier run made the package, and the caller does not provide its data again.</param>
    public void GiveUpOrKeep(DltException error, bool isOfThisRun = true)
    {
        if (error.State is not null || folder.Pending is not { Count: > 0 } pending) return;
        if (pending.Count == 1 && IsHopeless(pending[0], error) && CanBeExtractedAgain(pending[0], isOfThisRun))
        {
            folder.DropPending();
            HasGivenUp = true;
            error.State = "Its package was given up: nothing waits, and state and schemas are as they were before it.";
        }
        else error.State = DescribeState(pending, error, isOfThisRun);
    }

    /// <summary>
    /// True if a package of this run can be given up once what it has written is removed from the destination: its data is at fault, so no
    /// run can ever load it, and the caller has the data.
    /// </summary>
    public bool IsFutile(DltException error) =>
        canAskAgain && error is { IsTransient: false, State: null } && IsOfData(error)
            && folder.Pending is [var only] && !IsUnbegun(only);

    /// <summary>Completes the error after the package was given up, with what is left of it at the destination.</summary>
    public void NoteGivenUp(DltException error, AbortedPackage package)
    {
        HasGivenUp = true;
        var objects = package.Outcome switch
        {
            AbortOutcome.NotBegun => "",
            AbortOutcome.Removed => " and what it had written was removed",
            AbortOutcome.Kept => "; what it had written stays at the destination",
            _ => "; its load was already complete, so its rows stay",
        };
        var replaced = package.ReplacedTables.IsEmpty ? "" : $" Rows of it stay in {string.Join(", ", package.ReplacedTables)}.";
        var emptied = package.EmptiedTables.IsEmpty ? ""
            : $" It had emptied {string.Join(", ", package.EmptiedTables)} first: no rows are there until they are loaded again.";
        error.State = $"Its package was given up{objects}: nothing waits, and state and schemas are as they were before it."
            + replaced + emptied;
    }

    /// <summary>True if the data of the package is at fault, and nothing of it is at the destination.</summary>
    private bool IsHopeless(LoadPackage package, DltException error) => !error.IsTransient && IsOfData(error) && IsUnbegun(package);

    private bool CanBeExtractedAgain(LoadPackage package, bool isOfThisRun) => (canAskAgain && isOfThisRun) || HoldsFilesOnly(package);

    /// <summary>Describes the packages that wait, with the command that gives them up where they may block the pipeline.</summary>
    private string DescribeState(List<LoadPackage> pending, DltException error, bool isOfThisRun)
    {
        var state = $"{What(pending, isOfThisRun)}, and the next run tries {Them(pending)} first";
        return error.IsTransient || error is ConfigurationException
            ? state + "."
            : $"{state}, with the data and the declarations of the run that made {Them(pending)}. If the cause is in these, or cannot be "
                + $"corrected, give {Them(pending)} up with: {abort}";
    }

    private static string What(List<LoadPackage> pending, bool isOfThisRun)
    {
        var whose = isOfThisRun ? "" : " of an earlier run";
        return pending.Count == 1
            ? $"Package {pending[0].LoadId}{whose} stays pending"
            : $"Packages {string.Join(", ", pending.Select(p => p.LoadId))}{whose} stay pending";
    }

    private static string Them(List<LoadPackage> pending) => pending.Count == 1 ? "it" : "them";

    /// <summary>
    /// True for errors that occur again with the same data. A missing file may be restored later; a caller that provides it again provides
    /// its current content.
    /// </summary>
    private bool IsOfData(DltException error) =>
        error is SchemaException or JsonFormatException or UnreadableFileException || (canAskAgain && error is ChangedFileException);

    /// <summary>True when the load of the package has not started: it has no rows at the destination and has removed none there.</summary>
    public static bool IsUnbegun(LoadPackage package) =>
        !File.Exists(package.PathOf(PackageFolders.AppliedSchemaUpdates))
        && package.Jobs(PackageFolders.StartedJobs).Count == 0 && package.Jobs(PackageFolders.CompletedJobs).Count == 0;

    /// <summary>
    /// True for an extracted package that has only files that are read in place. Normalise has already removed the one that it cannot read;
    /// the row of the pipeline's state comes from the same run and is given up too.
    /// </summary>
    private static bool HoldsFilesOnly(LoadPackage package) =>
        package.Jobs(PackageFolders.NewJobs).Select(f => JobFileName.Parse(Path.GetFileName(f)))
            .All(j => j.Format == SegmentFormat.Reference || SystemTables.IsSystemName(j.Table))
        && !OnlyCopy.IsIn(package);
}
