using Dlt.Extract;
using Dlt.Normalize.Rows;
using Dlt.Packages;
using Dlt.Schemas;

namespace Dlt.Normalize.Chunks;

/// <summary>One file of an extracted package, or the file elsewhere that it refers to.</summary>
/// <param name="JobFile">The file in the package.</param>
/// <param name="Path">The file with the lines.</param>
/// <param name="Table">Identifier of the root table.</param>
/// <param name="LinesAreLists">True for Python's <c>typed-jsonl</c>, where a line is a list of items.</param>
/// <param name="Reference">Set when the lines lie elsewhere.</param>
internal sealed record ExtractedJob(string JobFile, string Path, string Table, bool LinesAreLists, FileReference? Reference)
{
    /// <summary>What the batches of a file without lines are; null for lines.</summary>
    public RowOrigin? Batches { get; private init; }

    /// <summary>What errors and rejects call the file.</summary>
    public string Name => Reference?.Name ?? Path;

    /// <exception cref="DltException">The format is not known, or the file referred to has changed.</exception>
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
