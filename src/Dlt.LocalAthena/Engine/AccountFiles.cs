using Dlt.Storage;

namespace Dlt.Local;

/// <summary>Files of the account that a query reads: they lie in it, and no symbolic link leads out of it.</summary>
internal sealed class AccountFiles(FolderObjectStore objects)
{
    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);

    /// <summary>The file of an object.</summary>
    /// <param name="location">The location, as <c>s3://bucket/key</c>.</param>
    /// <exception cref="DltException">It, or a folder on its way, is a symbolic link.</exception>
    public string PathOf(string location) => PathOf(ObjectLocation.Parse(location));

    private string PathOf(ObjectLocation location)
    {
        var path = objects.PathOf(location);
        var root = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(objects.PathOf(new(location.Bucket, ""))))!;
        for (var part = path; part is not null && part.Length > root.Length && _checked.Add(part); part = Path.GetDirectoryName(part))
        {
            if (new FileInfo(part).LinkTarget is not null)
                throw new DltException($"'{part}' is a symbolic link. Nothing was read. The local Athena reads files that lie in its account; put the file or folder itself there.");
        }

        return path;
    }
}
