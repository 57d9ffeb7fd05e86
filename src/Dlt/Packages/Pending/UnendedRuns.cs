using Dlt.Internal;

namespace Dlt.Packages;

/// <summary>
/// Marks loaded packages until the run that loaded them has ended. A process that is killed between the two leaves the mark, so the caller
/// that repeats its run learns that the rows are loaded. Only packages with a <see cref="RunKey"/> are marked.
/// </summary>
internal static class UnendedRuns
{
    private const string File = ".run_not_ended";   // only .NET writes it

    /// <summary>Marks a package that is about to move to the loaded ones.</summary>
    public static void Mark(LoadPackage package) => System.IO.File.WriteAllBytes(package.PathOf(File), []);

    /// <summary>Returns the loaded packages of runs that did not end, the oldest first.</summary>
    public static List<LoadPackage> In(WorkingFolder folder) =>
        [.. WorkingFolder.Packages(folder.Loaded).Where(p => System.IO.File.Exists(p.PathOf(File)))];

    /// <summary>Removes the marks. The removal is flushed: a mark that came back would keep out the rows of a later run.</summary>
    public static void End(IEnumerable<LoadPackage> packages)
    {
        foreach (var package in packages.Where(p => System.IO.File.Exists(p.PathOf(File))))
        {
            System.IO.File.Delete(package.PathOf(File));
            DurableFolder.Flush(package.Folder);
        }
    }
}
