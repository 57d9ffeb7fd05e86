using Dlt.Hashing;
using Dlt.Items;
using Dlt.Packages;

namespace Dlt.Extract;

/// <summary>
/// Holds the open segments of a package, one for each resource, table and format. Jobs are normalized in the order of their file names, so
/// the final names are assigned at the end, in the order of the resources: the result does not depend on which generator is faster.
/// </summary>
internal sealed class ExtractedSegments(LoadPackage package, IReadOnlyList<string> resources) : IDisposable
{
    private readonly Dictionary<(string Resource, string Table, string Format), IDisposable> _writers = [];
    private readonly List<Segment> _segments = [];
    private readonly List<Segment> _references = [];

    /// <summary>Opens or returns the segment of JSON lines of a resource and table.</summary>
    public SegmentWriter Lines(string resource, string table) =>
        (SegmentWriter)Open(resource, table, SegmentFormat.Lines, path => new SegmentWriter(path));

    /// <summary>Opens or returns the segment of Arrow batches of a resource and table.</summary>
    public BatchSegmentWriter Batches(string resource, string table, RowOrigin origin)
    {
        var format = origin == RowOrigin.Items ? SegmentFormat.Items : SegmentFormat.Arrow;
        return (BatchSegmentWriter)Open(resource, table, format, path => new BatchSegmentWriter(path));
    }

    /// <summary>
    /// Adds a reference to a file outside the package. The files of a table are read in the order in which they are added, after its other
    /// segments.
    /// </summary>
    public void Add(string resource, string table, FileReference reference)
    {
        var path = PathOf(table, DltHash.NewFileId(), SegmentFormat.Reference);
        reference.Write(package, path);
        _references.Add(new(resource, table, SegmentFormat.Reference, path));
    }

    /// <summary>Returns whether the table has a segment.</summary>
    public bool Has(string table) => _writers.Keys.Any(s => s.Table == table);

    /// <summary>Closes all files and renames the files of each table so that their names sort in the order of the resources.</summary>
    public void Complete()
    {
        Dispose();
        foreach (var table in _segments.Concat(_references).GroupBy(f => f.Table).Where(t => t.Count() > 1))
        {
            var ordered = table.OrderBy(f => IndexOf(f.Resource)).ToList();   // a stable sort: formats and files keep their order
            var ids = ordered.Select(_ => DltHash.NewFileId()).Order(StringComparer.Ordinal).ToList();
            for (var i = 0; i < ordered.Count; i++) File.Move(ordered[i].Path, PathOf(table.Key, ids[i], ordered[i].Format));
        }
    }

    public void Dispose()
    {
        foreach (var writer in _writers.Values) writer.Dispose();
    }

    private IDisposable Open(string resource, string table, string format, Func<string, IDisposable> open)
    {
        if (_writers.TryGetValue((resource, table, format), out var opened)) return opened;
        var path = PathOf(table, DltHash.NewFileId(), format);
        var writer = open(path);
        _writers[(resource, table, format)] = writer;
        _segments.Add(new(resource, table, format, path));
        return writer;
    }

    private int IndexOf(string resource)
    {
        for (var i = 0; i < resources.Count; i++)
            if (resources[i] == resource) return i;
        return resources.Count;
    }

    private string PathOf(string table, string id, string format) =>
        package.PathOf(PackageFolders.NewJobs, new JobFileName(JobTables.Component(table), id, 0, format).FileName);

    private sealed record Segment(string Resource, string Table, string Format, string Path);
}
