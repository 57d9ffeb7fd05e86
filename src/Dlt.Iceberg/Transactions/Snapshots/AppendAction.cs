namespace Dlt.Iceberg;

/// <summary>Adds data files. It never conflicts with other commits (docs/spec/iceberg.md 6.3).</summary>
/// <param name="files">The data files.</param>
internal sealed class AppendAction(IReadOnlyList<DataFile> files) : SnapshotAction
{
    public override IEnumerable<string> FilesInUse => files.Select(f => f.FilePath);

    protected override string Operation(SnapshotSummary summary) => "append";

    protected override async Task<List<ManifestFile>?> ManifestsAsync(SnapshotContext context, CancellationToken cancellationToken)
    {
        if (files.Count == 0 && Properties.Count == 0) return null;
        List<EntryToWrite> entries = [.. files.Select(f => EntryToWrite.Added(f, Id))];
        var added = await WriteAddedAsync(context, "added", entries, isDeletes: false, cancellationToken).ConfigureAwait(false);
        return [.. added, .. context.Before.Where(m => m.MayHaveLiveFiles)];
    }
}
