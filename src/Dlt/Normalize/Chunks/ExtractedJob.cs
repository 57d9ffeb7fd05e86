using Dlt.Items;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Normalize.Chunks;

/// <summary>A job file of an extracted package, or the external file that it refers to.</summary>
/// <param name="JobFile">Path of the file in the package.</param>
/// <param name="Path">Path of the file with the items.</param>
/// <param name="Table">Identifier of the root table.</param>
/// <param name="LinesAreLists">True for Python dlt's <c>typed-jsonl</c>, where a line is a list of items.</param>
/// <param name="Reference">Reference to the external file; null when the package holds the items.</param>
internal sealed record ExtractedJob(string JobFile, string Path, string Table, bool LinesAreLists, FileReference? Reference)
{
    /// <summary>Origin of the rows of a file with batches; null for a file with lines.</summary>
    public RowOrigin? Batches { get; private init; }

    /// <summary>Name of the file in errors and rejects.</summary>
    public string Name => Reference?.Name ?? Path;

    /// <exception cref="DltException">The format is unknown, or the referenced file has changed.</exception>
    public static ExtractedJob Open(string jobFile, Schema schema)
    {
        var name = JobFileName.Parse(System.IO.Path.GetFileName(jobFile));
        var table = JobTables.Resolve(name, schema);
        switch (name.Format)
        {
            case SegmentFormat.Lines:
                return new(jobFile, jobFile, table, LinesAreLists: false, null);
            case SegmentFormat.ListLines:
                return new(jobFile, jobFile, table, LinesAreLists: true, null);
            case SegmentFormat.Items:
                return new(jobFile, jobFile, table, LinesAreLists: false, null) { Batches = RowOrigin.Items };
            case SegmentFormat.Arrow:
                return new(jobFile, jobFile, table, LinesAreLists: false, null) { Batches = RowOrigin.ArrowTable };
            case SegmentFormat.Reference:
                var reference = FileReference.Read(jobFile);
                reference.CheckUnchanged();
                return new(jobFile, reference.Path, table, LinesAreLists: false, reference);
            default:
                throw new DltException($"The extracted file {jobFile} has the format '{name.Format}', which cannot be normalised.");
        }
    }
}
