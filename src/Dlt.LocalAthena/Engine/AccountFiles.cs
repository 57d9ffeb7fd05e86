using Dlt.Storage;

namespace Dlt.Local;

/// <summary>Resolves the files that a query reads, and refuses symbolic links, which could lead out of the account.</summary>
internal sealed class AccountFiles(FolderObjectStore objects)
{
    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);

    /// <summary>Path of an object's file.</summary>
    /// <param name="location">The location, as <c>s3://bucket/key</c>.</param>
    /// <exception cref="DltException">The file, or a folder on the way to it, is a symbolic link.</exception>
    public string PathOf(string location) => PathOf(ObjectLocation.Parse(location));

    /// <summary>
    /// Lists the objects of a folder. Refuses links, because a listing would skip them and their rows would be missing without a message.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="prefix">Prefix of the keys.</param>
    /// <param name="cancellationToken">Stops the listing.</param>
    /// <exception cref="DltException">The folder is or contains a symbolic link.</exception>
    public IAsyncEnumerable<ObjectInfo> ListAsync(ObjectLocation folder, string prefix, CancellationToken cancellationToken)
    {
        PathOf(folder);
        return objects.ListWithLinksAsync(folder.Bucket, prefix, link => throw IsLink(link), cancellationToken);
    }

    private static DltException IsLink(string path, Exception? cause = null) => new(
        $"'{path}' is a symbolic link. Nothing was read. The local Athena reads only files inside its account; put the file or folder "
            + "itself there.", cause);

    private string PathOf(ObjectLocation location)
    {
        if (location.KeyFault is { } fault)
            throw new DltException($"Files cannot exist at '{location}': the key {fault}. Nothing was read. Correct the location.");
        string path;
        try
        {
            path = objects.PathOf(location);
        }
        catch (ArgumentException error)
        {
            throw IsLink(location.ToString(), error);   // the file or one of its folders is a link
        }

        var root = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(objects.PathOf(new(location.Bucket, ""))))!;
        for (var part = path; part is not null && part.Length > root.Length && _checked.Add(part); part = Path.GetDirectoryName(part))
        {
            if (new FileInfo(part).LinkTarget is not null) throw IsLink(part);
        }

        return path;
    }
}
