using System.Collections.Concurrent;
using Dlt.Iceberg;

namespace Dlt.Destinations.Publishing;

/// <summary>
/// Staged files that the tables of a load do not need, such as those of which a merge wrote some rows again. They are deleted when the load
/// is complete: until then a run that repeats the load reads them. After a crash the search for orphans finds them.
/// </summary>
internal sealed class UnneededFiles
{
    private readonly ConcurrentQueue<(IFileIO Files, IReadOnlyList<string> Locations)> _all = new();

    /// <summary>Adds files of a table.</summary>
    public void Add(Table table, IReadOnlyList<string> locations)
    {
        if (locations.Count > 0) _all.Enqueue((table.Files, locations));
    }

    /// <summary>Deletes the files. Call it after the load is complete; it may be repeated.</summary>
    public async Task DeleteAsync(CancellationToken cancellationToken)
    {
        while (_all.TryPeek(out var first))
        {
            await first.Files.DeleteAsync(first.Locations, cancellationToken).ConfigureAwait(false);
            _all.TryDequeue(out _);
        }
    }
}
