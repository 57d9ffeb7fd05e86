using Dlt.Schemas;

namespace Dlt.Extract;

/// <summary>
/// Writes empty jobs for tables of replace resources that received no items in this run, so that the load empties them
/// (docs/spec/pipeline.md 1.5).
/// </summary>
/// <param name="hints">Hints of the run.</param>
/// <param name="segments">Segments of the run.</param>
/// <param name="unchanged">Names of the resources whose data has not changed. Their tables stay as they are.</param>
/// <param name="capabilities">Capabilities of the destination.</param>
internal sealed class EmptyJobs(
    CurrentHints hints, ExtractedSegments segments, IReadOnlySet<string> unchanged, DestinationCapabilities capabilities)
{
    /// <summary>Writes an empty job for each such table.</summary>
    /// <returns>Names of the tables that are emptied.</returns>
    public List<string> Write(Source source, Schema schema)
    {
        var written = new List<string>();
        var roots = schema.DataTables.Where(t => t.Parent is null && t.HasSeenData).ToLookup(t => t.Resource, StringComparer.Ordinal);
        foreach (var resource in source.Resources.Where(IsEmptied))
        {
            foreach (var table in roots[resource.Name].Where(t => !segments.Has(t.Name)))
            {
                // The disposition of this run applies, even if an earlier run appended the existing rows.
                if (hints.DispositionOf(resource, table) is { } disposition)
                    schema.UpdateTable(table.With(disposition), capabilities);
                segments.Lines(resource.Name, table.Name);
                written.Add(table.Name);
            }
        }

        return written;
    }

    private bool IsEmptied(Resource resource) =>
        resource.IsSelected && resource.Files.Count == 0 && !unchanged.Contains(resource.Name)
        && hints.Of(resource).WriteDisposition == WriteDisposition.Replace;
}
