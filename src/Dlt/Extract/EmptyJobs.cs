using Dlt.Schemas;

namespace Dlt.Extract;

/// <summary>A table of a replace resource that got nothing is emptied by an empty job (docs/spec/pipeline.md 1.5).</summary>
internal sealed class EmptyJobs(CurrentHints hints, ExtractedSegments segments, DestinationCapabilities capabilities)
{
    /// <returns>The tables that got one.</returns>
    public List<string> Write(Source source, Schema schema)
    {
        var written = new List<string>();
        foreach (var resource in source.Resources.Where(r => r.IsSelected && r.Files.Count == 0 && Replaces(r)))
        {
            var emptied = schema.DataTables
                .Where(t => t.Parent is null && t.Resource == resource.Name && t.HasSeenData && !segments.Has(t.Name));
            foreach (var table in emptied.ToList())
            {
                // The disposition of this run counts, also where the rows that are there were appended.
                if (hints.DispositionOf(resource, table) is { } disposition)
                    schema.UpdateTable(table.With(disposition), capabilities);
                segments.Lines(resource.Name, table.Name);
                written.Add(table.Name);
            }
        }

        return written;
    }

    private bool Replaces(Resource resource) => hints.Of(resource).WriteDisposition == WriteDisposition.Replace;
}
