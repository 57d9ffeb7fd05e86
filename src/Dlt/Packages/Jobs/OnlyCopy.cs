namespace Dlt.Packages;

/// <summary>
/// Finds whether a package holds the only copy of its rows, such as the content of a pipe. Such a package is never given up automatically.
/// </summary>
internal static class OnlyCopy
{
    private const string File = ".only_copy";

    public static bool IsIn(LoadPackage package) =>
        System.IO.File.Exists(package.PathOf(File))
        || package.Jobs(PackageFolders.NewJobs)
            .Where(f => JobFileName.Parse(Path.GetFileName(f)).Format == SegmentFormat.Reference)
            .Any(f => FileReference.Read(f).IsCopy);

    /// <summary>Marks the normalised package made from an extracted one, since it has the rows but not the files.</summary>
    public static void Copy(LoadPackage from, LoadPackage to)
    {
        if (IsIn(from)) to.Write(to.PathOf(File), []);
    }
}
