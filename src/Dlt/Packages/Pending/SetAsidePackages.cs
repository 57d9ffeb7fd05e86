using Dlt.Internal;

namespace Dlt.Packages;

/// <summary>
/// Packages that were made before another machine loaded and that would move the pipeline's state back or twice. They wait in a folder of
/// their own until somebody loads or deletes them.
/// </summary>
/// <param name="folder">The working folder.</param>
internal sealed class SetAsidePackages(WorkingFolder folder)
{
    private const string FolderName = "set-aside";

    /// <summary>The packages, ordered by load id.</summary>
    public IReadOnlyList<LoadPackage> All =>
        [.. Stages.SelectMany(s => WorkingFolder.Packages(s.Aside)).OrderBy(p => p.LoadId, StringComparer.Ordinal)];

    private (string Place, string Aside)[] Stages => [.. new[] { folder.Extracted, folder.Normalized }.Select(p =>
        (p, Path.Combine(folder.Path, FolderName, Path.GetFileName(p))))];

    /// <summary>Sets a pending package aside.</summary>
    public void Add(LoadPackage package)
    {
        var (_, aside) = Stages.Single(s => s.Place == Path.GetDirectoryName(package.Folder));
        DurableFolder.Create(aside);
        DurableFolder.Rename(package.Folder, Path.Combine(aside, package.LoadId));
    }

    /// <summary>Finds a package; null when none of this load id was set aside.</summary>
    public LoadPackage? Find(string? loadId) => All.FirstOrDefault(p => p.LoadId == loadId);

    /// <summary>
    /// Deletes a package. Nothing of it is at the destination: what its load had uploaded was removed when it was set aside.
    /// </summary>
    public void Remove(LoadPackage package) => folder.Remove(package);

    /// <summary>Makes a package pending again. Its load adds the rows and leaves the state of the pipeline as it is.</summary>
    public void Return(LoadPackage package)
    {
        var (place, _) = Stages.Single(s => s.Aside == Path.GetDirectoryName(package.Folder));
        StateRow.Remove(package);
        DurableFolder.Rename(package.Folder, Path.Combine(place, package.LoadId));
    }
}
