using Dlt.Extract;

namespace Dlt.Packages;

/// <summary>
/// Finds whether a package has what is nowhere else, such as the bytes of a pipe: such a package is never given up for its owner.
/// </summary>
internal static class OnlyCopy
{
    private const string File = ".only_copy";

    public static bool IsIn(LoadPackage package) =>
        System.IO.File.Exists(package.PathOf(File))
        || package.Jobs(PackageFolders.NewJobs)
            .Where(f => JobFileName.Parse(Path.GetFileName(f)).Format == SegmentFormat.Reference)
            .Any(f => FileReference.Read(f).IsCopy);

    /// <summary>Notes it in the package that is made of an extracted one, which has the rows and no longer the files.</summary>
    public static void Copy(LoadPackage from, LoadPackage to)
    {
        if (IsIn(from)) to.Write(to.PathOf(File), []);
    }
}
