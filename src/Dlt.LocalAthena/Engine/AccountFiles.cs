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

    /// <summary>The objects of a folder. A listing passes links by, and the rows behind them would be missing without a word.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="prefix">What its keys begin with.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="DltException">The folder is, or holds, a symbolic link.</exception>
    public IAsyncEnumerable<ObjectInfo> ListAsync(ObjectLocation folder, string prefix, CancellationToken cancellationToken)
    {
        PathOf(folder);
        return objects.ListWithLinksAsync(folder.Bucket, prefix, link => throw IsLink(link), cancellationToken);
    }

    private static DltException IsLink(string path, Exception? cause = null) => new(
        $"'{path}' is a symbolic link. Nothing was read. The local Athena reads files that lie in its account; put the file or folder "
            + "itself there.", cause);

    private string PathOf(ObjectLocation location)
    {
        if (location.KeyFault is { } fault)
            throw new DltException($"There can be no files at '{location}': the key {fault}. Nothing was read. Correct the location.");
        string path;
        try
        {
            path = objects.PathOf(location);
        }
        catch (ArgumentException error)
        {
            throw IsLink(location.ToString(), error);   // or lies on the way of one
        }

        var root = Path.GetDirectoryName(Path.TrimEndingDirectorySeparator(objects.PathOf(new(location.Bucket, ""))))!;
        for (var part = path; part is not null && part.Length > root.Length && _checked.Add(part); part = Path.GetDirectoryName(part))
        {
            if (new FileInfo(part).LinkTarget is not null) throw IsLink(part);
        }

        return path;
    }
}
