namespace Dlt.Destinations.Maintenance;

/// <summary>Where a table keeps its files.</summary>
/// <param name="Database">Database of the table.</param>
/// <param name="Name">The table.</param>
/// <param name="IsIceberg">True for an Iceberg table.</param>
/// <param name="Folders">Folders with the scheme <c>s3</c> and a trailing slash. All files below them count as used.</param>
/// <param name="Files">Files outside the folders, such as those that an Iceberg table took over from another table.</param>
internal sealed record UsedFiles(
    string Database, string Name, bool IsIceberg, IReadOnlyList<string> Folders, IReadOnlySet<string> Files)
{
    /// <summary>True when the table uses a file.</summary>
    /// <param name="location">The file.</param>
    public bool Has(string location)
    {
        var plain = Plain(location);
        return Files.Contains(plain) || Folders.Any(f => plain.StartsWith(f, StringComparison.Ordinal));
    }

    /// <summary>True when the table uses files below a folder.</summary>
    /// <param name="folder">The folder, as <see cref="FolderOf"/> returns it.</param>
    public bool IsIn(string folder) =>
        Folders.Any(f => f.StartsWith(folder, StringComparison.Ordinal) || folder.StartsWith(f, StringComparison.Ordinal))
            || Files.Any(f => f.StartsWith(folder, StringComparison.Ordinal));

    /// <summary>The folder with the scheme <c>s3</c> and a trailing slash.</summary>
    public static string FolderOf(string location) => Plain(location).TrimEnd('/') + "/";

    /// <summary>The location with the scheme <c>s3</c>; <c>s3a</c> and <c>s3n</c> are older names of it.</summary>
    public static string Plain(string location) =>
        location.StartsWith("s3a://", StringComparison.Ordinal) || location.StartsWith("s3n://", StringComparison.Ordinal)
            ? "s3" + location[3..] : location;
}
