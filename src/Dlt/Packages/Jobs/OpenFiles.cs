namespace Dlt.Packages;

/// <summary>A file that is written in parts and may be closed between two of them.</summary>
internal interface IPausable
{
    /// <summary>Closes the file and frees its buffer. The next part opens it again.</summary>
    void Pause();
}

/// <summary>
/// Limits the files of a package that are open at once, since a source may have more tables than a process may open files. The file that
/// was written longest ago is closed first.
/// </summary>
/// <remarks>Not safe for concurrent use.</remarks>
/// <param name="limit">Number of files that may be open.</param>
internal sealed class OpenFiles(int limit = OpenFiles.Limit)
{
    /// <summary>Fewer than the 256 files that macOS lets a process open, and more than most sources have tables.</summary>
    public const int Limit = 200;

    private readonly LinkedList<IPausable> _open = [];   // the one that was written last is the last
    private readonly Dictionary<IPausable, LinkedListNode<IPausable>> _nodes = new(ReferenceEqualityComparer.Instance);

    /// <summary>Call before a file is opened or written. Closes another one if too many are open.</summary>
    public void Use(IPausable file)
    {
        if (ReferenceEquals(_open.Last?.Value, file)) return;
        if (_nodes.TryGetValue(file, out var node))
        {
            _open.Remove(node);
            _open.AddLast(node);
            return;
        }

        if (_open.Count >= limit && _open.First is { } oldest)
        {
            Forget(oldest.Value);
            oldest.Value.Pause();
        }

        _nodes[file] = _open.AddLast(file);
    }

    /// <summary>Call when a file is closed for good.</summary>
    public void Forget(IPausable file)
    {
        if (_nodes.Remove(file, out var node)) _open.Remove(node);
    }
}
