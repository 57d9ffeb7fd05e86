using System.Collections.Immutable;

namespace Dlt.Iceberg;

/// <summary>Rewrites the data manifests with their entries sorted by partition, and drops manifests without live files.</summary>
internal sealed class RewriteManifestsAction : SnapshotAction
{
    protected override string Operation(SnapshotSummary summary) => "replace";

    protected override async Task<List<ManifestFile>?> ManifestsAsync(SnapshotContext context, CancellationToken cancellationToken)
    {
        var old = context.Before.Where(m => !m.IsDeletes && m.MayHaveLiveFiles).ToList();
        List<ManifestFile> deletes = [.. context.Before.Where(m => m.IsDeletes && m.MayHaveLiveFiles)];
        if (old.Count < 2) return old.Count + deletes.Count == context.Before.Count ? null : [.. old, .. deletes];
        var entries = await context.Reader.LiveEntriesAsync(old, cancellationToken).ConfigureAwait(false);
        var sorted = entries.OrderBy(e => e.File.SpecId)
            .ThenBy(e => e.File.Partition, Comparer<ImmutableArray<object?>>.Create(Compare))
            .ThenBy(e => e.SequenceNumber);
        var key = "all " + string.Join(' ', old.Select(WrittenManifests.KeyOf));
        List<EntryToWrite> sortedEntries = [.. sorted.Select(EntryToWrite.Existing)];
        var written = await Manifests.WriteOnceAsync(context, key, sortedEntries, isDeletes: false, cancellationToken)
            .ConfigureAwait(false);
        context.Summary.Set("manifests-replaced", old.Count);
        context.Summary.Set("entries-processed", entries.Count);
        return [.. written, .. deletes];
    }

    private static int Compare(ImmutableArray<object?> a, ImmutableArray<object?> b)
    {
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var compared = (a[i], b[i]) switch
            {
                (null, null) => 0,
                (null, _) => -1,
                (_, null) => 1,
                var (x, y) => ValueOrder.Compare(x, y),
            };
            if (compared != 0) return compared;
        }

        return a.Length.CompareTo(b.Length);
    }
}
